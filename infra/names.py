"""Who a client is: the person behind ``staff:…``, the label behind ``key:…``."""


def names_of(column: str) -> str:
    """An expression of the names of all clients in ``column``, which has their ids with commas between; $1 is the dossier."""
    return f"""(
        SELECT string_agg(coalesce(s.name, k.label, w.client), ', ' ORDER BY w.n)
        FROM string_to_table({column}, ', ') WITH ORDINALITY AS w(client, n)
        LEFT JOIN staff s ON s.dossier_id = $1
            AND s.staff_id = CASE WHEN w.client ~ '^staff:[0-9a-f]{{32}}$' THEN substr(w.client, 7)::uuid END
        LEFT JOIN api_key k ON k.dossier_id = $1
            AND k.api_key_id = CASE WHEN w.client ~ '^key:[0-9a-f]{{32}}$' THEN substr(w.client, 5)::uuid END
    )"""
