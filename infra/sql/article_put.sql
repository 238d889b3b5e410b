-- Writes an article; true when it is new, and then its stock is made. Arguments in the order of the columns
WITH written AS (
    INSERT INTO article AS a (dossier_id, ean, title, title_key, author, author_key, publisher, list_price, vat_rate,
                              digital, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (dossier_id, ean) DO UPDATE
    SET title = excluded.title, title_key = excluded.title_key, author = excluded.author,
        author_key = excluded.author_key, publisher = excluded.publisher, list_price = excluded.list_price,
        vat_rate = excluded.vat_rate, digital = excluded.digital, updated_at = excluded.updated_at
    RETURNING a.dossier_id, a.ean, xmax = 0 AS new
), stocked AS (
    INSERT INTO stock_level (dossier_id, ean, available, set_aside)
    SELECT dossier_id, ean, 0, 0 FROM written WHERE new
)
SELECT new FROM written
