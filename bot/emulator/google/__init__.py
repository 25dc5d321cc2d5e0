"""Google Drive v3, Sheets v4 and Docs v1 on loopback, speaking the wire of the bundled discovery documents."""
