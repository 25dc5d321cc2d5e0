"""What all three Google families share on the wire: envelopes, masks, parameters, bodies, encodings, batch."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

FOLDER = "application/vnd.google-apps.folder"
DOC = "application/vnd.google-apps.document"


@pytest.fixture
def call(running: Any, service_account_session: Any) -> Any:
    """A plain authorised request to a path of the workspace."""

    def ask(verb: str, path: str, **more: Any) -> requests.Response:
        return service_account_session.request(verb, running.url + path, timeout=30, **more)

    return ask


def detail(answer: requests.Response) -> dict[str, Any]:
    """The first field violation of an error."""
    return answer.json()["error"]["details"][0]["fieldViolations"][0]


def test_sheets_errors_have_code_message_status_and_never_errors(call: Any) -> None:
    """Sheets and Docs errors are {"error": {code, message, status}} without errors[] [CAS, measured]."""
    for path in ("/v4/spreadsheets/nothing", "/v1/documents/nothing"):
        answer = call("GET", path)
        assert answer.status_code == 404
        expected = {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}
        assert answer.json() == {"error": expected}


def test_xgafv_1_adds_the_errors_list_to_editor_errors(call: Any) -> None:
    """`$.xgafv=1` shows errors[] on Sheets errors; another value than 1 or 2 is refused before all else."""
    shown = call("GET", "/v4/spreadsheets/nothing?$.xgafv=1").json()["error"]
    assert shown["errors"][0]["reason"] == "notFound"
    refused = call("GET", "/v4/spreadsheets/nothing?$.xgafv=3").json()["error"]["message"]
    assert refused == "Invalid query parameters. Invalid value '3' for system query parameter : $.xgafv"


def test_drive_errors_carry_errors_and_no_status_on_parameter_failures(drive: Any) -> None:
    """Drive errors list domain, reason, message, location and have no `status` unless they are about credentials."""
    with pytest.raises(HttpError) as raised:
        drive.files().get(fileId="nothing").execute()
    assert json.loads(raised.value.content) == {
        "error": {
            "code": 404,
            "message": "File not found: nothing.",
            "errors": [
                {
                    "message": "File not found: nothing.",
                    "domain": "global",
                    "reason": "notFound",
                    "location": "fileId",
                    "locationType": "parameter",
                }
            ],
        }
    }


def test_answers_are_pretty_printed_json_in_utf_8(call: Any) -> None:
    """Bodies are two-space indented `application/json; charset=UTF-8`; `prettyPrint=false` makes them compact."""
    answer = call("GET", "/drive/v3/about?fields=user(emailAddress)")
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert answer.text.startswith('{\n  "user": {\n    "emailAddress"')
    assert "ETag" not in answer.headers
    compact = call("GET", "/drive/v3/about?fields=user(emailAddress)&prettyPrint=false").text
    assert compact.startswith('{"user":{"emailAddress":')


def test_angle_brackets_are_written_as_escapes(drive: Any, call: Any, shared_drive: str) -> None:
    """The serializer writes < and > as \\u003c and \\u003e; a client reads them back unchanged."""
    body = {"name": "<b>&'x", "mimeType": FOLDER, "parents": [shared_drive]}
    made = drive.files().create(body=body, supportsAllDrives=True).execute()
    answer = call("GET", f"/drive/v3/files/{made['id']}?fields=name&supportsAllDrives=true")
    assert "\\u003cb\\u003e&'x" in answer.text
    assert answer.json() == {"name": "<b>&'x"}


def test_errors_stay_pretty_printed_whatever_is_asked(call: Any) -> None:
    """`prettyPrint=false` concerns successes only."""
    assert call("GET", "/drive/v3/files/nothing?prettyPrint=false").text.startswith('{\n  "error"')


def test_a_bad_mask_on_sheets_and_docs_is_generic_with_the_reason_in_details(call: Any) -> None:
    """A wrong `fields` says only "Request contains an invalid argument."; the detail names the path [measured]."""
    for path, mask in (("/v4/spreadsheets/x", "sheets.sheetProperties"), ("/v1/documents/x", "bodyy")):
        answer = call("GET", f"{path}?fields={mask}")
        assert answer.status_code == 400
        assert answer.json()["error"]["message"] == "Request contains an invalid argument."
        wanted = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{mask}'."
        assert detail(answer)["description"] == wanted


def test_a_bad_mask_on_drive_names_the_selection(drive: Any) -> None:
    """Drive answers 400 invalidParameter at `fields`: "Invalid field selection X" [measured]."""
    with pytest.raises(HttpError) as raised:
        drive.files().list(fields="files(id,nmae)").execute()
    error = json.loads(raised.value.content)["error"]
    assert error["errors"][0]["reason"] == "invalidParameter"
    assert error["errors"][0]["location"] == "fields"
    assert error["message"] == "Invalid field selection nmae"


def test_masks_select_nested_fields_and_wildcards(ines: Any) -> None:
    """Groups, slashes and stars select; what is not selected is absent."""
    made = ines.drive.files().create(body={"name": "F", "mimeType": FOLDER}, fields="id,owners/emailAddress").execute()
    assert set(made) == {"id", "owners"}
    assert made["owners"] == [{"emailAddress": ines.email}]
    found = ines.drive.files().list(fields="files(name,capabilities(canEdit,canTrash)),kind").execute()
    assert found == {
        "kind": "drive#fileList",
        "files": [{"name": "F", "capabilities": {"canEdit": True, "canTrash": True}}],
    }
    everything = ines.drive.files().list(fields="*").execute()
    assert everything["files"][0]["version"] == "1"
    stars = ines.drive.files().list(fields="files(*)").execute()
    assert stars == {"files": everything["files"]}


def test_a_blank_mask_on_drive_selects_nothing(call: Any) -> None:
    """`fields=` answers {} where no mask answers the default fields [measured]."""
    assert call("GET", "/drive/v3/files?fields=").json() == {}


def test_about_needs_fields(call: Any) -> None:
    """`about.get` and comments need `fields` [measured]: 400 required."""
    answer = call("GET", "/drive/v3/about")
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0] == {
        "message": "The 'fields' parameter is required for this method.",
        "domain": "global",
        "reason": "required",
        "location": "fields",
        "locationType": "parameter",
    }


def test_a_bad_enum_parameter_names_the_proto_field(call: Any) -> None:
    """A bad enum query value: snake_case field, enum type and the value [measured]."""
    answer = call("GET", "/v4/spreadsheets/x/values/A1?majorDimension=DIAGONAL")
    assert answer.status_code == 400
    wanted = "Invalid value at 'major_dimension' (type.googleapis.com/google.apps.sheets.v4.Dimension), \"DIAGONAL\""
    assert answer.json()["error"]["message"] == wanted
    assert detail(answer) == {"field": "major_dimension", "description": wanted}


def test_unreadable_parameters_are_reported_together(call: Any) -> None:
    """Typed values that cannot be read join their messages with line ends; Drive prints status and details for them."""
    answer = call("GET", "/drive/v3/files?pageSize=many&supportsAllDrives=maybe")
    error = answer.json()["error"]
    assert error["message"].splitlines() == [
        "Invalid value at 'page_size' (TYPE_INT32), \"many\"",
        "Invalid value at 'supports_all_drives' (TYPE_BOOL), \"maybe\"",
    ]
    assert error["status"] == "INVALID_ARGUMENT"
    assert "domain" not in error["errors"][0]


def test_an_unknown_parameter_is_refused_by_the_editors(call: Any) -> None:
    """Sheets and Docs cannot bind an unknown query parameter."""
    answer = call("GET", "/v4/spreadsheets/x?colour=red")
    assert answer.json()["error"]["message"] == (
        'Invalid JSON payload received. Unknown name "colour": Cannot bind query parameter. '
        "Field 'colour' could not be found in request message."
    )


def test_quota_user_and_other_system_parameters_are_accepted(call: Any) -> None:
    """`quotaUser`, `alt`, `key` and `prettyPrint` belong to every method."""
    assert call("GET", "/v4/spreadsheets/x?quotaUser=a&alt=JSON&key=k&prettyPrint=true").status_code == 404


def test_an_alt_that_is_not_json_is_refused(call: Any) -> None:
    """`alt=media` on Sheets is refused with the recorded sentence, any other word with another."""
    sentence = call("GET", "/v4/spreadsheets/x?alt=Media").json()["error"]["message"]
    assert sentence == 'Unsupported alt type "media" for non byte stream request.'
    assert call("GET", "/v4/spreadsheets/x?alt=zzz").json()["error"]["message"] == (
        "Invalid value \"zzz\" for query parameter 'alt'"
    )


def test_unknown_names_in_a_body_are_refused_with_their_place(call: Any) -> None:
    """An unknown JSON key in a batchUpdate: `Unknown name "x" at 'requests[0]'` [measured], all of them at once."""
    body = {"requests": [{"x": {}}, {"repeatCell": {"rnge": {}}}]}
    answer = call("POST", "/v4/spreadsheets/x:batchUpdate", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].splitlines() == [
        "Invalid JSON payload received. Unknown name \"x\" at 'requests[0]': Cannot find field.",
        "Invalid JSON payload received. Unknown name \"rnge\" at 'requests[1].repeat_cell': Cannot find field.",
    ]


def test_wrong_types_in_a_body_are_refused_with_their_place(call: Any) -> None:
    """Scalars of the wrong type, bad enums and lists where there is one value are refused with the proto's words."""
    cases: list[tuple[dict[str, Any], str]] = [
        (
            {"requests": [{"addSheet": {"properties": {"title": 5}}}]},
            "Invalid value at 'requests[0].add_sheet.properties.title' (TYPE_STRING), 5",
        ),
        (
            {"requests": [{"deleteSheet": {"sheetId": "one"}}]},
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"one\"",
        ),
        (
            {"requests": [{"deleteDimension": {"range": {"dimension": "DIAGONAL"}}}]},
            (
                "Invalid value at 'requests[0].delete_dimension.range.dimension' "
                '(type.googleapis.com/google.apps.sheets.v4.Dimension), "DIAGONAL"'
            ),
        ),
        (
            {"requests": [{"deleteSheet": [1]}]},
            (
                "Invalid JSON payload received. Unknown name \"delete_sheet\" at 'requests[0]': "
                "Proto field is not repeating, cannot start list."
            ),
        ),
        (
            {"requests": [{"deleteSheet": {"sheetId": 1}, "addSheet": {}}]},
            "Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. Cannot set 'addSheet'",
        ),
    ]
    for body, wanted in cases:
        assert call("POST", "/v4/spreadsheets/x:batchUpdate", json=body).json()["error"]["message"] == wanted


def test_values_that_are_not_rows_are_refused(call: Any) -> None:
    """Non-2-D values: `Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), "X"` [CAS]."""
    path = "/v4/spreadsheets/x/values/A1?valueInputOption=RAW"
    kind = "type.googleapis.com/google.protobuf.ListValue"
    answer = call("PUT", path, json={"values": "X"}).json()["error"]["message"]
    assert answer == f"Invalid value at 'data.values' ({kind}), \"X\""


def test_a_body_that_is_no_json_is_refused_in_the_family_s_words(call: Any) -> None:
    """Sheets: "Invalid JSON payload received. …"; Drive: parseError."""
    headers = {"Content-Type": "application/json"}
    sheets = call("POST", "/v4/spreadsheets/x:batchUpdate", data=b"{oops", headers=headers).json()["error"]
    assert sheets["message"].startswith("Invalid JSON payload received. ")
    drive = call("POST", "/drive/v3/files", data=b"{oops", headers=headers).json()["error"]
    assert drive["errors"][0]["reason"] == "parseError"


def test_a_missing_required_parameter_is_named(ines: Any, call: Any) -> None:
    """Drive: 400 reason `required`, "Required parameter: mimeType", with its location [measured]."""
    error = call("GET", "/drive/v3/files/anything/export").json()["error"]
    assert error["message"] == "Required parameter: mimeType"
    assert error["errors"][0]["location"] == "mimeType"


def test_a_long_get_may_come_as_a_post_with_an_override(call: Any) -> None:
    """GETs whose URI passes 2048 characters come as POST with X-HTTP-Method-Override and a form body [GAC]."""
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    answer = call("POST", "/drive/v3/files", data="q=name+%3D+%27none%27&fields=files(id)", headers=headers)
    assert answer.json() == {"files": []}


def test_a_query_of_more_than_2048_characters_works_through_the_client(drive: Any) -> None:
    """google-api-python-client switches to the override by itself."""
    query = " or ".join(f"name = 'file number {n} with a long name'" for n in range(60))
    assert drive.files().list(q=query, fields="files(id)").execute() == {"files": []}


def test_gzip_is_answered_to_clients_that_ask_for_it(running: Any, service_account_session: Any) -> None:
    """Accept-Encoding gzip with "gzip" in the user agent gets a compressed body; a gzipped request body is read."""
    headers = {"Accept-Encoding": "gzip", "User-Agent": "client (gzip)"}
    url = running.url + "/drive/v3/about"
    answer = service_account_session.get(url, params={"fields": "*"}, headers=headers, timeout=30)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.json()["kind"] == "drive#about"
    packed = gzip.compress(json.dumps({"requests": [{"x": 1}]}).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    sent = service_account_session.post(
        running.url + "/v4/spreadsheets/x:batchUpdate", data=packed, headers=headers, timeout=30
    )
    assert 'Unknown name "x"' in sent.json()["error"]["message"]


def test_paths_that_are_no_method_get_the_front_end_s_page(call: Any) -> None:
    """An unrouted path is HTML: 404 on Drive, 400 on Sheets."""
    for path, status in (("/drive/v3/nothing/here", 404), ("/v4/spreadsheets/x/y/z/w", 400)):
        answer = call("GET", path)
        assert answer.status_code == status
        assert answer.headers["Content-Type"].startswith("text/html")


def test_a_method_without_a_handler_names_itself(call: Any) -> None:
    """What is not done is refused with 501 and the method's name, never with an empty success."""
    answer = call("GET", "/drive/v3/files/x/approvals")
    assert answer.status_code == 501
    assert "drive.approvals.list" in answer.json()["error"]["message"]


def test_batch_runs_each_call_by_itself(drive: Any, ines: Any) -> None:
    """The batch endpoint answers each inner call, errors included, matched by Content-ID."""
    answers: dict[str, Any] = {}
    batch = ines.drive.new_batch_http_request(
        callback=lambda key, answer, error: answers.update({key: answer or error})
    )
    for name in ("one", "two"):
        batch.add(ines.drive.files().create(body={"name": name, "mimeType": FOLDER}, fields="name"), request_id=name)
    batch.add(ines.drive.files().get(fileId="nothing"), request_id="wrong")
    batch.execute(http=ines.drive._http)
    assert answers["one"] == {"name": "one"}
    assert answers["two"] == {"name": "two"}
    assert answers["wrong"].resp.status == 404


def test_the_editors_have_batch_endpoints_too(ines: Any) -> None:
    """Sheets and Docs take batches at /batch, answered call by call."""
    answers: list[Any] = []
    for service, request in (
        (ines.docs, ines.docs.documents().get(documentId="nothing")),
        (ines.sheets, ines.sheets.spreadsheets().get(spreadsheetId="nothing")),
    ):
        batch = service.new_batch_http_request(callback=lambda _key, answer, error: answers.append(error or answer))
        batch.add(request)
        batch.execute(http=service._http)
    assert [error.resp.status for error in answers] == [404, 404]


def test_a_batch_counts_and_fails_call_by_call(workspace: Any, ines: Any) -> None:
    """Inner calls are counted each and suffer fault rules each."""
    workspace.faults.set([{"method": "drive.files.create", "nth": 2, "do": "status", "status": 503}])
    answers: dict[str, Any] = {}
    batch = ines.drive.new_batch_http_request(
        callback=lambda key, answer, error: answers.update({key: answer or error})
    )
    for name in ("1", "2", "3"):
        batch.add(ines.drive.files().create(body={"name": name, "mimeType": FOLDER}, fields="name"), request_id=name)
    batch.execute(http=ines.drive._http)
    assert workspace.log.since()["counts"]["drive.files.create"] == 3
    assert answers["2"].resp.status == 503
    assert (answers["1"], answers["3"]) == ({"name": "1"}, {"name": "3"})


def test_a_batch_of_more_than_a_hundred_calls_is_refused(ines: Any) -> None:
    """The server's limit is 100 inner calls though the client allows 1000."""
    batch = ines.drive.new_batch_http_request()
    for _ in range(101):
        batch.add(ines.drive.files().list())
    with pytest.raises(HttpError) as raised:
        batch.execute(http=ines.drive._http)
    assert raised.value.resp.status == 400


def test_the_log_names_every_call_with_who_asked(workspace: Any, drive: Any) -> None:
    """The request log counts calls per method, with the caller, the status and bytes."""
    drive.files().list().execute()
    with pytest.raises(HttpError):
        drive.files().get(fileId="nothing").execute()
    log = workspace.log.since()
    assert log["counts"]["drive.files.list"] == 1
    row = log["calls"][-1]
    assert (row["family"], row["method"], row["status"]) == ("drive", "drive.files.get", 404)
    assert row["who"].startswith("implbot@")
    assert row["bytes_out"] > 100


def test_a_fault_before_the_call_leaves_nothing_behind(workspace: Any, ines: Any) -> None:
    """ "The second create answers 503 before it is applied": nothing is made."""
    workspace.faults.set([{"method": "drive.files.create", "nth": 2, "do": "status", "status": 503}])
    ines.drive.files().create(body={"name": "one", "mimeType": FOLDER}).execute()
    with pytest.raises(HttpError) as raised:
        ines.drive.files().create(body={"name": "two", "mimeType": FOLDER}).execute()
    assert raised.value.resp.status == 503
    assert [row["name"] for row in ines.drive.files().list().execute()["files"]] == ["one"]


def test_a_fault_after_the_call_hides_that_it_was_applied(workspace: Any, ines: Any) -> None:
    """ "Apply it, then answer 503": the file is there though the caller was told otherwise."""
    workspace.faults.set([{"method": "drive.files.create", "nth": 1, "apply": "after", "do": "status", "status": 503}])
    with pytest.raises(HttpError):
        ines.drive.files().create(body={"name": "one", "mimeType": FOLDER}).execute()
    assert [row["name"] for row in ines.drive.files().list().execute()["files"]] == ["one"]


def test_a_quota_fault_has_the_recorded_body(workspace: Any, call: Any) -> None:
    """A rule of 429 answers what a used-up quota does, with Retry-After only when asked; a 403 its usageLimits form."""
    rule = {"method": "sheets.spreadsheets.get", "do": "status", "status": 429, "times": 1}
    workspace.faults.set([rule, rule | {"retry_after": 7}])
    first, second = (call("GET", "/v4/spreadsheets/x") for _ in range(2))
    assert first.json()["error"]["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert "Retry-After" not in first.headers
    assert (second.status_code, second.headers["Retry-After"]) == (429, "7")
    reason = {"status": 403, "reason": "rateLimitExceeded"}
    workspace.faults.set([{"method": "drive.files.list", "do": "status"} | reason])
    refused = call("GET", "/drive/v3/files").json()["error"]["errors"][0]
    assert (refused["domain"], refused["reason"]) == ("usageLimits", "rateLimitExceeded")


def test_an_html_fault_looks_like_a_front_end(workspace: Any, call: Any) -> None:
    """A rule may answer an HTML 502, as a front end does."""
    workspace.faults.set([{"method": "drive.files.list", "do": "status", "status": 502, "html": True}])
    answer = call("GET", "/drive/v3/files")
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (502, "text/html")


def test_a_dropped_connection_reaches_the_caller_as_one(workspace: Any, ines: Any) -> None:
    """Drop and reset cut the connection, before or after the call was applied."""
    for deed in ("drop", "reset"):
        workspace.faults.set([{"method": "drive.files.create", "nth": 1, "apply": "after", "do": deed}])
        with pytest.raises(requests.ConnectionError):
            ines.drive.files().create(body={"name": deed, "mimeType": FOLDER}).execute()
    assert {row["name"] for row in ines.drive.files().list().execute()["files"]} == {"drop", "reset"}
