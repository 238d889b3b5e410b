-- Writes an article with its words; true when it is new, and then its stock is made.
-- $1 dossier, $2 EAN, $3 title, $4 title key, $5 author, $6 words of title and author, $7 publisher, $8 price, $9 VAT rate,
-- $10 digital, $11 now, $12 kind, $13 school book, $14 category, $15 supplier, $16 availability, $17 published on,
-- $18 grams of one copy
WITH written AS (
    INSERT INTO article AS a (dossier_id, ean, title, title_key, author, publisher, list_price, vat_rate, digital, updated_at,
                              kind, school_book, category, supplier_id, availability, published_on, weight_g)
    VALUES ($1, $2, $3, $4, $5, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
    ON CONFLICT (dossier_id, ean) DO UPDATE
    SET title = excluded.title, title_key = excluded.title_key, author = excluded.author, publisher = excluded.publisher,
        list_price = excluded.list_price, vat_rate = excluded.vat_rate, digital = excluded.digital,
        updated_at = excluded.updated_at, kind = excluded.kind, school_book = excluded.school_book,
        category = excluded.category, supplier_id = excluded.supplier_id, availability = excluded.availability,
        published_on = excluded.published_on, weight_g = excluded.weight_g
    RETURNING a.dossier_id, a.ean, xmax = 0 AS new
), gone AS (
    DELETE FROM article_token WHERE dossier_id = $1 AND ean = $2 AND token <> ALL ($6::text[])
), worded AS (
    INSERT INTO article_token (dossier_id, token, ean)
    SELECT DISTINCT dossier_id, word, ean FROM written, unnest($6::text[]) AS word
    ON CONFLICT DO NOTHING
), stocked AS (
    INSERT INTO stock_level (dossier_id, ean, available, set_aside)
    SELECT dossier_id, ean, 0, 0 FROM written WHERE new
)
SELECT new FROM written
