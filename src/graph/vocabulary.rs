//! The terms of the graph. `data/ontology.ttl` declares those of `pg:`.

#![expect(missing_docs, reason = "each constant is the IRI that it names; the ontology says what it means")]

use oxrdf::NamedNodeRef;

/// The prefixes that the program writes, and that queries may use without declaring them.
pub const PREFIXES: [(&str, &str); 12] = [
    ("pg", "https://w3id.org/pressgraph/ns#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("schema", "https://schema.org/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("nif", "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"),
    ("itsrdf", "http://www.w3.org/2005/11/its/rdf#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
];

macro_rules! terms {
    ($module:ident, $namespace:literal: $($name:ident = $local:literal),* $(,)?) => {
        pub mod $module {
            use super::NamedNodeRef;
            $(pub const $name: NamedNodeRef<'static> =
                NamedNodeRef::new_unchecked(concat!($namespace, $local));)*
        }
    };
}

terms!(pg, "https://w3id.org/pressgraph/ns#":
    PRESS_RELEASE = "PressRelease", CONTENT_HASH = "contentHash", COPY_OF = "copyOf", BAND = "band", STATED_PUBLISHER = "statedPublisher",
    IDENTITY = "identity", SIGNATURE = "signature", SIGNATURE_TEXT = "signatureText",
    JOINED_TO = "joinedTo", REASON = "reason", PENDING = "pending", IDENTITY_DECISION = "IdentityDecision", VERDICT = "verdict",
    LEFT = "left", RIGHT = "right", RULE = "rule", CONFIDENCE = "confidence", STATUS = "status", AS_WRITTEN = "asWritten",
    APPOINTMENT = "Appointment", DEPARTURE = "Departure", AGREEMENT = "Agreement", SUPPLY = "Supply",
    ACQUISITION = "Acquisition", INVESTMENT = "Investment", STRUCTURE = "Structure", LOCATION = "Location",
    FOUNDATION = "Foundation", PRODUCTION = "Production", PARTICIPATION = "Participation",
    PERSON = "person", BODY = "body", TITLE = "title", PARTY = "party", KIND = "kind", DURATION = "duration",
    NEGOTIATOR = "negotiator", SUPPLIER = "supplier", CUSTOMER = "customer", OBJECT = "object", AMOUNT = "amount",
    ACQUIRER = "acquirer", TARGET = "target", SELLER = "seller", STAKE = "stake", INVESTOR = "investor",
    RECIPIENT = "recipient", ROUND = "round", PART = "part", WHOLE = "whole", LOCATED = "located", PLACE = "place",
    FOUNDER = "founder", PRODUCER = "producer", PRODUCT = "product", PARTICIPANT = "participant", EVENT = "event",
    PARTNER_OF = "partnerOf", SUPPLIES = "supplies", ACQUIRED = "acquired", FUNDED_BY = "fundedBy",
    PRODUCES = "produces", PARTICIPATES_IN = "participatesIn", SAID = "said",
);

terms!(org, "http://www.w3.org/ns/org#":
    ORGANIZATION = "Organization", SITE = "Site", MEMBERSHIP = "Membership", MEMBER = "member",
    IN_ORGANIZATION = "organization", IN_ROLE = "role", ROLE = "Role", MEMBER_OF = "memberOf", HEAD_OF = "headOf",
    UNIT_OF = "unitOf", SUB_ORGANIZATION_OF = "subOrganizationOf", SITE_OF = "siteOf",
    RESULTING_ORGANIZATION = "resultingOrganization",
);

terms!(schema, "https://schema.org/":
    NEWS_ARTICLE = "NewsArticle", PLACE = "Place", PRODUCT = "Product", PROJECT = "Project", EVENT = "Event",
    START_DATE = "startDate", END_DATE = "endDate", MONETARY_AMOUNT = "MonetaryAmount",
    MONETARY_GRANT = "MonetaryGrant", VALUE = "value", MIN_VALUE = "minValue", MAX_VALUE = "maxValue",
    CURRENCY = "currency", LOCATION = "location", CONTAINED_IN_PLACE = "containedInPlace", FOUNDER = "founder",
    OBSERVATION = "Observation", OBSERVATION_ABOUT = "observationAbout", MEASURED_PROPERTY = "measuredProperty",
    UNIT_TEXT = "unitText", OBSERVATION_DATE = "observationDate", QUOTATION = "Quotation", CREATOR = "creator",
    TEXT = "text", SAME_AS = "sameAs", IDENTIFIER = "identifier", LATITUDE = "latitude", LONGITUDE = "longitude",
);

terms!(foaf, "http://xmlns.com/foaf/0.1/": PERSON = "Person");

terms!(skos, "http://www.w3.org/2004/02/skos/core#": PREF_LABEL = "prefLabel", ALT_LABEL = "altLabel");

terms!(dct, "http://purl.org/dc/terms/":
    TITLE = "title", PUBLISHER = "publisher", ISSUED = "issued", LANGUAGE = "language", SOURCE = "source",
    SUBJECT = "subject",
);

terms!(prov, "http://www.w3.org/ns/prov#":
    WAS_GENERATED_BY = "wasGeneratedBy", WAS_DERIVED_FROM = "wasDerivedFrom", WAS_QUOTED_FROM = "wasQuotedFrom",
);

terms!(nif, "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#":
    CONTEXT = "Context", PHRASE = "Phrase", SENTENCE = "Sentence", IS_STRING = "isString", ANCHOR_OF = "anchorOf",
    BEGIN_INDEX = "beginIndex", END_INDEX = "endIndex", REFERENCE_CONTEXT = "referenceContext",
);

terms!(itsrdf, "http://www.w3.org/2005/11/its/rdf#": TA_IDENT_REF = "taIdentRef");

terms!(xsd, "http://www.w3.org/2001/XMLSchema#": DURATION = "duration", G_YEAR = "gYear",
    G_YEAR_MONTH = "gYearMonth", DATE = "date", DECIMAL = "decimal", NON_NEGATIVE_INTEGER = "nonNegativeInteger",
);
