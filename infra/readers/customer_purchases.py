"""The criteria of the customer search that look at what was bought, and at the loyalty card (A44, A45)."""

from typing import Any

from domain.model.values import folded
from domain.queries.customers import CustomerFilter
from infra.readers.search import NOTHING, Conditions
from infra.readers.untreated import BELOW

DAY = "({0}::date::timestamp AT TIME ZONE (SELECT d.time_zone FROM dossier d WHERE d.dossier_id = $1))"
"""The instant at which a day of the shop begins."""
KEPT = (
    "p.dossier_id = $1 AND p.customer_id IS NOT NULL AND p.quantity > coalesce((SELECT -sum(u.quantity) FROM purchase u "
    "WHERE u.dossier_id = $1 AND u.undoes_id = p.purchase_id), 0)"
)
"""Purchases that were not wholly brought back; what was brought back is none itself."""
BUYERS = "SELECT p.customer_id FROM purchase p WHERE {where}"
AUTHORS = (
    "p.author_key = ANY (ARRAY(WITH RECURSIVE name AS ("
    "(SELECT q.author_key FROM purchase q WHERE q.dossier_id = $1 AND q.author_key > '' ORDER BY q.author_key LIMIT 1) "
    "UNION ALL SELECT (SELECT q.author_key FROM purchase q WHERE q.dossier_id = $1 AND q.author_key > name.author_key "
    "ORDER BY q.author_key LIMIT 1) FROM name WHERE name.author_key IS NOT NULL"
    ") SELECT name.author_key FROM name WHERE {matches}))"
)
"""Each author once, from one place of the index to the next: there are far fewer than purchases."""
WORDS_OF_AUTHOR = (
    "regexp_replace(upper(translate(coalesce(a.author, ''), "
    "'àâäáãåçéèêëîïíìñôöóòõûüúùÿÀÂÄÁÃÅÇÉÈÊËÎÏÍÌÑÔÖÓÒÕÛÜÚÙŸ', 'aaaaaaceeeeiiiinooooouuuuyAAAAAACEEEEIIIINOOOOOUUUUY')), "
    "'[^A-Z0-9]+', ' ', 'g')"
)
LAST_BUT_ONE = (
    "p.ean = (SELECT a.ean FROM article a WHERE a.dossier_id = $1 AND a.published_on IS NOT NULL AND {title} "
    "ORDER BY a.published_on DESC, a.ean DESC OFFSET 1 LIMIT 1)"
)
PROGRAM = (
    "(SELECT x.value ->> 'kind' AS kind, (x.value ->> 'every')::int AS every, (x.value ->> 'threshold')::numeric AS step "
    "FROM dossier d, jsonb_array_elements(d.settings -> 'loyalty') WITH ORDINALITY AS x(value, n) "
    "WHERE d.dossier_id = $1 AND jsonb_typeof(d.settings -> 'loyalty') = 'array' "
    "ORDER BY (x.value ->> 'code' = c.fidelity_program) DESC NULLS LAST, x.n LIMIT 1) program"
)
"""The program of a card: the one it names, else the shop's first."""
SUMS = (
    "(SELECT greatest(coalesce(sum(e.purchases), 0), 0) AS purchases, greatest(coalesce(sum(e.base), 0), 0) AS base "
    "FROM loyalty_entry e WHERE e.dossier_id = $1 AND e.customer_id = c.customer_id) total"
)
BEYOND = (
    "(SELECT coalesce(sum(lot.purchases), 0) FROM (SELECT sum(e.purchases) AS purchases, "
    "sum(sum(e.base)) OVER (ORDER BY min(e.at) FILTER (WHERE e.cause <> 'refund'), min(e.loyalty_entry_id::text)) AS upto "
    "FROM loyalty_entry e WHERE e.dossier_id = $1 AND e.customer_id = c.customer_id AND e.cause IN "
    "('opening', 'purchase', 'refund', 'adjust') GROUP BY coalesce(e.purchase_id, e.loyalty_entry_id)) lot "
    "WHERE lot.upto > div(total.base, program.step) * program.step)"
)
"""Of a program that counts euros: the purchases that lie beyond the last full round, wholly or in part."""
UNDER_WAY = (
    f"c.fidelity_active AND EXISTS (SELECT FROM {PROGRAM}, LATERAL {SUMS} WHERE CASE program.kind "
    f"WHEN 'purchases' THEN mod(total.purchases, program.every) ELSE {BEYOND} END = {{0}}::int)"
)
SHORT = (
    f"c.fidelity_active AND EXISTS (SELECT FROM {PROGRAM}, LATERAL {SUMS} WHERE CASE program.kind "
    "WHEN 'purchases' THEN program.every - mod(total.purchases, program.every) = {0}::int "
    "ELSE program.step - mod(total.base, program.step) <= {0}::int END)"
)


def narrow(where: Conditions, wanted: CustomerFilter) -> None:
    """Add the criteria on purchases and on the loyalty card to a search of ``customer c``."""
    _purchased(where, wanted)
    if wanted.last_but_one_author is not None:
        starts = [f" {word}" for word in (folded(wanted.last_but_one_author) or NOTHING).split()]
        words = " AND ".join(f"' ' || {WORDS_OF_AUTHOR} LIKE '%' || {{{n}}} || '%'" for n in range(len(starts)))
        found = [
            f"a.ean IN (SELECT t.ean FROM article_token t WHERE t.dossier_id = $1 AND t.token >= ltrim({{{n}}}) "
            f"AND t.token < ltrim({{{n}}}) || '\U0010ffff')"
            for n in range(len(starts))
        ]
        _bought(where, LAST_BUT_ONE.replace("{title}", " AND ".join([*found, words])), starts)
    if wanted.last_but_one_series is not None:
        start = folded(wanted.last_but_one_series) or NOTHING
        title = "a.title_key >= {0} AND a.title_key < {1}"
        _bought(where, LAST_BUT_ONE.replace("{title}", title), [start, start + "\U0010ffff"])
    if wanted.loyalty_under_way is not None:
        where.add(UNDER_WAY, wanted.loyalty_under_way)
    if wanted.loyalty_short is not None:
        where.add(SHORT, wanted.loyalty_short)


def _bought(where: Conditions, which: str, values: list[Any]) -> None:
    buyers = BUYERS.replace("{where}", f"{KEPT} AND {which}")
    where.add(f"c.customer_id IN ({buyers})", *values)


def _purchased(where: Conditions, wanted: CustomerFilter) -> None:
    texts: list[str] = [KEPT]
    values: list[Any] = []

    def add(template: str, *more: Any) -> None:
        texts.append(template.format(*(f"{{{len(values) + n}}}" for n in range(len(more)))))
        values.extend(more)

    if wanted.purchased_from is not None:
        add(f"p.at >= {DAY}", wanted.purchased_from)
    if wanted.purchased_to is not None:
        add(f"p.at < {DAY}", wanted.purchased_to)
    if wanted.purchased_ean is not None:
        add("p.ean = {0}", wanted.purchased_ean)
    if wanted.purchased_author is not None:
        starts = [f" {word}" for word in (folded(wanted.purchased_author) or NOTHING).split()]
        places = [f"position({{{n}}} IN ' ' || name.author_key) > 0" for n in range(len(starts))]
        add(AUTHORS.replace("{matches}", " AND ".join(places)), *starts)
    if wanted.purchased_categories:
        below = f"SELECT a.ean FROM article a WHERE a.dossier_id = $1 AND {BELOW}"
        add(f"p.ean IN ({below})", list(wanted.purchased_categories))
    buyers = BUYERS.replace("{where}", " AND ".join(texts))
    least, most = wanted.purchases_min or 0, wanted.purchases_max
    if least:
        values.append(least)
        where.add(
            f"c.customer_id IN ({buyers} GROUP BY p.customer_id HAVING count(*) >= {{{len(values) - 1}}})", *values
        )
    elif most is None and len(texts) > 1:
        where.add(f"c.customer_id IN ({buyers})", *values)
    if most is not None:
        values = [*values[: -1 if least else None], most]
        where.add(
            f"c.customer_id NOT IN ({buyers} GROUP BY p.customer_id HAVING count(*) > {{{len(values) - 1}}})", *values
        )
