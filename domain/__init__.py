"""The shop: what a French bookshop's customer counter knows and decides.

Standard library and python-stdnum only. Code speaks English, people at the counter speak French; this is the bridge:

=====================  ==========================================================================
Code                   The bookseller's word
=====================  ==========================================================================
Dossier                dossier: one shop, with its users, keys, settings and counters
Customer               client, fiche client
CustomerOrder          commande client
OrderLine              ligne de commande
ordered                cdé: copies ordered
reserved               rsvé: copies received for the line (set aside + delivered)
Answer                 Réponse: "Disponible", or what the distributor said of a missing article
Status CO LP LT AN BL  ouverte, livrée partiellement, livrée totalement, annulée, bloquée (VPC non réglée)
Reservation            réservation, mise de côté: a copy that exists, kept for someone
Slip                   bon de réserve
Scan                   réserve des commandes clients: a found copy goes to who has waited longest
Reception              réception, par avis d'expédition (ShippingNotice) ou à la main
SupplierOrder          commande fournisseur; SupplyLink: the copies of it meant for an order line
unsupplied             non traité: copies waited for that no supplier order will bring
KnownAnswer            the shop's own table of answers; "restes à livrer" writes them on waiting lines
DeliveryNote           bon de livraison, BL (a document; the status BL is "bloquée")
Billing, billed_to     client facturé
SavedList              liste mémorisée
Category               magasin > secteur > catégorie
Ruling                 what the law on book prices made of a price or a charge, and by which rule
back_orders            reliquats
Channel                boutique en ligne
mail_order             VPC, vente par correspondance
available, set_aside   stock disponible, stock mis de côté
Payment, deposit       règlement, acompte (never "arrhes", trade R26); DepositEntry: its ledger
FidelityCard           carte de fidélité; LoyaltyEntry: its ledger; reward, voucher: remise obtenue, bon d'achat
Purchase               achat: a line of a ticket, an invoice or a delivery; undoes: the one brought back
NamedDeposit           acompte nominatif
Invoice, dunning       facture, relance; payer: tiers règlement; Credit: encours
light                  code feu
Outbox event           événement: what happened, told to tablets and web shops after the commit
=====================  ==========================================================================
"""
