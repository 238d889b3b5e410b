"""What the demo's people, places and passwords are drawn from.

Family and first names are frequent French ones, phone numbers come from the ranges that ARCEP keeps for fiction, addresses
of electronic mail from RFC 2606: nobody can be reached by any of them.
"""

FAMILIES = (
    "MARTIN BERNARD THOMAS DURAND DUBOIS MOREAU LEFEBVRE LEFÈVRE LEROY ROUX BERTRAND MOREL FOURNIER GIRARD "
    "BONNET FONTAINE MÜLLER MERCIER GUÉRIN BOYER GARNIER GAUTHIER PERRIN MASSON "
    "DENIS MARCHAND DUVAL NOËL MEYER DUFOUR BRUN BLANCHARD RIVIÈRE BRUNET ARNAUD "
    "RENARD LECŒUR LEBŒUF VASSEUR RENAUD CARON PHILIPPE AUBERT LEMOINE LECLERCQ HUBERT COLIN VIDAL "
    "BOUCHER FLEURY ROYER GUILLOT MÉNARD PREVOST DANIEL LACROIX BAILLY HERVÉ TANGUY JÉGOU ROPARS "
    "KERVELLA BODIN CHAUVEAU BRÉMOND POIRIER PINEAU BARRETEAU MICHAUD HERBRETEAU GUILBAUD RABILLER CHIRON RAIMBAULT "
    "PASQUIER DROUET TESSIER GAUDIN NGUYEN DIALLO BENALI GONÇALVES DA·SILVA YILMAZ KOWALSKI D'HAUTEVAL L'HOSTIS "
    "LE·GOFF LE·GALL LE·ROUX LE·BRIS SAINT-MARTIN DUPONT-RIVAUD BOIS-RENARD"
)
FEMALE = (
    "Marie Nathalie Isabelle Sylvie Catherine Françoise Valérie Christine Véronique Sandrine Stéphanie Sophie Céline "
    "Chantal Patricia Brigitte Aurélie Émilie Laurence Julie Élodie Maëlle Clémence Inès Anaïs Noémie Solène Gwenaëlle "
    "Anne-Sophie Marie-Hélène Marie-Noëlle Zoé Agnès Bénédicte Cécile Élise Hélène Fatima Léonie Mathilde Océane"
)
MALE = (
    "Philippe Christophe Frédéric Sébastien Stéphane Éric David Laurent Thierry Pascal Didier Vincent Patrick Bruno "
    "Gérard Sylvain Jérôme Cédric Benoît Ronan Yann Gaël Loïc Mickaël Rémi François-Xavier Jean-Baptiste Jean-Luc "
    "Jean-Noël Tanguy Youssef Mehdi Joël Raphaël Noé Théo Timothée Aurélien Grégoire Maël"
)
STREETS = (
    "rue des Tilleuls|rue de la Gare|rue du Moulin|rue de l'Église|place du Marché|rue des Écoles|allée des Peupliers|"
    "impasse du Lavoir|rue Victor-Hugo|rue Jules-Verne|avenue de la Libération|quai de la Fosse|rue de l'Abbaye|"
    "chemin du Bois-Joli|rue des Œillets|rue Saint-Nicolas|boulevard de la Mer|rue de Bretagne|route de Vannes|"
    "rue des Halles|rue du Port|venelle des Artisans|rue Anatole-France|rue de l'Océan|square des Acacias|rue Émile-Zola"
)
TOWNS = (
    "44000 Nantes|44100 Nantes|44300 Nantes|44400 Rezé|44800 Saint-Herblain|44120 Vertou|44700 Orvault|"
    "44230 Saint-Sébastien-sur-Loire|44600 Saint-Nazaire|44350 Guérande|44110 Châteaubriant|44190 Clisson|44210 Pornic|"
    "44500 La Baule-Escoublac|49000 Angers|49300 Cholet|49400 Saumur|85000 La Roche-sur-Yon|85100 Les Sables-d'Olonne|"
    "85300 Challans|85200 Fontenay-le-Comte|35000 Rennes|35400 Saint-Malo|35300 Fougères|35500 Vitré|56000 Vannes|"
    "56100 Lorient|56400 Auray|29200 Brest|29000 Quimper|22000 Saint-Brieuc|53000 Laval|72000 Le Mans|79000 Niort|"
    "17000 La Rochelle|86000 Poitiers|37000 Tours|14000 Caen|33000 Bordeaux|75011 Paris"
)
COMPLEMENTS = "Bâtiment B|Appartement 12|Résidence Les Œillets|2e étage gauche|Lieu-dit La Noë"
PHONES = ("02 61 91", "02 61 91", "06 39 98", "06 39 98", "06 39 98", "01 99 00", "03 53 01", "04 65 71", "05 36 49")
COMMENTS = (
    "Préfère être prévenue par SMS.|Aime les romans policiers et la poésie.|Passe le samedi matin.|"
    "Ne pas appeler avant 10 h.|Cherche les beaux livres sur la mer.|Lit en gros caractères.|"
    "Offre des livres : demander un paquet cadeau.|Adhérente du club de lecture du jeudi."
)
ORGANISATIONS = (  # name, a lending library, vat exempt
    ("ÉCOLE PRIMAIRE LES TILLEULS", False, False),
    ("ÉCOLE MATERNELLE DU VIEUX-PORT", False, False),
    ("ÉCOLE ÉLÉMENTAIRE JULES-VERNE", False, False),
    ("ÉCOLE SAINT-MARTIN", False, False),
    ("GROUPE SCOLAIRE LA FONTAINE", False, False),
    ("COLLÈGE DES TROIS-RIVIÈRES", False, False),
    ("COLLÈGE GEORGE-SAND", False, False),
    ("LYCÉE DES SALINES", False, False),
    ("LYCÉE PROFESSIONNEL DE L'ESTUAIRE", False, False),
    ("CRÈCHE LES P'TITS LOUPS", False, False),
    ("MAISON D'ASSISTANTES MATERNELLES PIROUETTE", False, False),
    ("MAIRIE DE SAINT-AUBIN-DES-LANDES", True, False),
    ("MAIRIE DE LA CHAPELLE-AUX-ŒUVRES", True, False),
    ("COMMUNAUTÉ DE COMMUNES DU BOCAGE", True, False),
    ("MÉDIATHÈQUE DE L'ÎLE", True, False),
    ("BIBLIOTHÈQUE POUR TOUS DU BOURG", True, False),
    ("BIBLIOTHÈQUE DÉPARTEMENTALE DE PRÊT", True, False),
    ("COMITÉ D'ENTREPRISE DES CHANTIERS", False, False),
    ("ASSOCIATION LIRE ET FAIRE LIRE DU PAYS BLANC", False, False),
    ("AMICALE LAÏQUE DU MOULIN", False, False),
    ("FOYER RURAL DE LA VALLÉE", False, False),
    ("CENTRE SOCIOCULTUREL DES HAUTS-PAVÉS", False, False),
    ("HÔPITAL DE JOUR LES GLYCINES", False, False),
    ("EHPAD LA ROSERAIE", False, False),
    ("MUSÉE DE LA MARINE EN BOIS", False, False),
    ("LIBRAIRIE FRANÇAISE DU LÉMAN", False, True),
)
REASONS = (
    "Annulée par le client",
    "Titre épuisé, le client renonce",
    "Client injoignable",
    "Commande en double",
    "Trouvé ailleurs",
)
EASY_WORDS = (
    "abeille abricot acajou accueil agenda aiguille album algue alouette amande ancre anis aquarelle arbre argile arome "
    "artisan atelier aube avoine azur baie balade baleine bambou barque basilic bateau beurre bijou biscuit bleuet bocage "
    "bois bougie boussole bouton branche brise brioche brume buisson cabane cacao cadran calme camion canard canoe capuche "
    "caramel carnet carotte cartable cascade castor cedre cerise chaise chalet chanson chapeau chemin cheval chouette "
    "cidre cigale citron clairon clavier coffre colline compas conte copain coquille corail corde couleur courge coussin "
    "crayon crique cuivre cygne dahlia danse dauphin diamant domino dragon drapeau dune encre escargot etable etang etoile "
    "falaise farine fenouil feuille figue flocon flute fontaine foret fougere fraise framboise fusain galerie galet "
    "gazelle genet gentiane girafe glacier gourde grange grelot guitare hamac hameau harpe herbe hibou horizon hublot "
    "iris jardin jasmin jonquille jumelle laine lampion lanterne lavande lecture levain lilas limon lionne loutre lucarne "
    "lumiere lune luzerne magie maison malle manege marelle marine marmite mascotte melisse melodie menthe merle mesange "
    "miel mimosa miroir mousse moulin muguet murmure myrtille nacelle navire neige noisette nougat nuage olive ombre "
    "orange orchidee osier pagaie paille palmier panier papier parasol patio pays peinture pelican perle phare piano pinceau "
    "pinson pirogue pivoine plage planeur plume poire poivre pollen pommier poney potager poterie prairie prune pupitre quai "
    "radeau radis raisin refuge renard riviere rocher romarin rosee roseau ruban ruche sable safran salade sapin sarment "
    "saule savane sentier sillage sirop soleil sorbet source souris surprise tableau tambour tapis terrasse theatre thym "
    "tilleul tisane toupie tournesol tresor trombone tulipe vague vallon vanille velours verger violette voilier voyage"
)
