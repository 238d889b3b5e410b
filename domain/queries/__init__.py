"""The read side: what screens and scripts ask, as frozen results and reader Protocols. No entity is built to answer."""
