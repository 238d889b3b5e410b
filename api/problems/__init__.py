"""From what went wrong to what the caller reads: RFC 9457, French or English (api.md, rule 6).

A module for each subject holds its wordings, ``table`` all of them, ``answering`` tells them.
"""
