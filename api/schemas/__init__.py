"""The words of the wire: closed requests, open responses, one module per aggregate."""
