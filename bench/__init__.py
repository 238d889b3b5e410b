"""The goals of speed, shown and not tested: `python -m bench`, or `python -m bench G1 G5` for some.

Every goal is a ratio of two sides that run in turn (A B A B ...) within one run, so that a busy machine slows both. The
ratio is the median of the ratios of the pairs, its spread the smallest and the largest. PostgreSQL is our own and durable
(fsync on); each server is one uvicorn worker with the same settings; the load comes from this process, over loopback.
An answer of another status than expected, or wrong content, ends the run with an error.

- Our side is the application as it is served: API key, rate limit (counted, never reached) and row-level security.
- pgbench runs prepared statements with the role and dossier setting of the application, two threads, over the same socket.
  For the push it is the very text that the application sends, recorded from a real push, with the recorded arguments, in
  which ids and numbers are made fresh by one ``replace`` each. It neither parses nor checks anything and is told the
  article's data, so it is what this database can do on this machine when nobody has to think.
- For the scan, pgbench sends the application's own claim, lock and count, and then one statement that does all writes, in
  one transaction and one round trip (a pipeline), so that it holds the lock no longer than it must. Both sides
  begin each round with a queue of equal length.
- The ORM side is SQLModel as its documentation teaches it: a session a request, relationships, ``selectinload``, a response
  model. It is spared what would only slow it: no rate limit, no round trip to choose the dossier, models that read
  attributes in pydantic's own code.
"""
