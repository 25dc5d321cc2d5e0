"""The room that keeps a plan's dates honest: the baseline frozen, every move proposed, recorded and never silent."""
