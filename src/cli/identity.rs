use std::io::Write;

use clap::Subcommand;

use super::Outcome;
use super::store::StoreArguments;
use crate::entities::authority::Authorities;
use crate::identity::{Side, Verdict};
use crate::model::Resources;
use crate::output::table;
use crate::store::{CurationError, Store};

/// Arguments of `identity`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: pressgraph identity join https://pressgraph.example/organization/valoria https://pressgraph.example/organization/valoria-conseil"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List identities, what one was joined from and why, or the decisions made.
    #[command(after_help = "Example: pressgraph identity list Martin")]
    List {
        /// Part of a name, or the IRI of an identity whose parts are wanted; all identities without it.
        name: Option<String>,
        /// List the decisions of analysts instead.
        #[arg(long)]
        decisions: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Say that two things are one, now and after every ingestion.
    #[command(after_help = "Example: pressgraph identity join person/jean-martin-hydravel person/jean-martin-verralie")]
    Join(Pair),
    /// Say that two things are two, now and after every ingestion.
    #[command(
        after_help = "Example: pressgraph identity split release/press/a.txt#person-1 release/press/b.txt#person-2"
    )]
    Split(Pair),
    /// Take back what was decided about two things, or a decision by its IRI.
    #[command(after_help = "Example: pressgraph identity forget decision/0f3a5c2e9b1d4476")]
    Forget {
        /// The one, or a decision.
        left: String,
        /// The other.
        right: Option<String>,
        #[command(flatten)]
        store: StoreArguments,
    },
}

/// Two identities or entities of releases.
#[derive(Debug, clap::Args)]
struct Pair {
    /// The one: the IRI of an identity or of an entity of a release; the base may be left out.
    left: String,
    /// The other.
    right: String,
    #[command(flatten)]
    store: StoreArguments,
}

pub(super) fn run(arguments: &Arguments, resources: &Resources) -> anyhow::Result<Outcome> {
    match &arguments.action {
        Action::List { name, decisions, json, store } => {
            list(&store.read()?, name.as_deref().unwrap_or(""), *decisions, *json)?;
        }
        Action::Join(pair) => decide(Verdict::Same, pair, resources)?,
        Action::Split(pair) => decide(Verdict::Different, pair, resources)?,
        Action::Forget { left, right, store } => {
            let store = store.write()?;
            let authorities = Authorities::load(resources)?;
            match right {
                Some(right) => store.forget(&full(&store, left), &full(&store, right), &authorities)?,
                None => store.forget_decision(&full(&store, left), &authorities)?,
            }
            store.flush()?;
            writeln!(std::io::stdout(), "forgotten")?;
        }
    }
    Ok(Outcome::Done)
}

fn decide(verdict: Verdict, pair: &Pair, resources: &Resources) -> anyhow::Result<()> {
    let store = pair.store.write()?;
    let authorities = Authorities::load(resources)?;
    let (left, right) = (full(&store, &pair.left), full(&store, &pair.right));
    store.decide(verdict, &left, &right, &authorities)?;
    store.flush()?;
    writeln!(std::io::stdout(), "{}: {left} {right}", verdict.as_str())?;
    Ok(())
}

/// The IRI that the user means: with the base where it was left out.
fn full(store: &Store, given: &str) -> String {
    let given = given.trim_matches(['<', '>']);
    if given.contains("://") { given.to_owned() } else { format!("{}{given}", store.base()) }
}

/// Whether the error tells of a wrong argument.
pub(super) fn is_wrong_use(error: &CurationError) -> bool {
    !matches!(error, CurationError::Store(_))
}

fn list(store: &Store, name: &str, decisions: bool, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let short = |iri: &str| iri.strip_prefix(store.base()).unwrap_or(iri).to_owned();
    let (header, rows): (&[&str], Vec<Vec<String>>) = if decisions {
        let side = |side: &Side| {
            let context = if side.context.is_empty() { String::new() } else { format!(" ({})", side.context) };
            format!("{} {}{context}", side.kind, side.key)
        };
        let rows = store.decisions()?.into_iter().map(|curated| {
            let decision = &curated.decision;
            vec![short(&curated.iri), decision.verdict.as_str().to_owned(), side(&decision.left), side(&decision.right)]
        });
        (&["decision", "verdict", "left", "right"], rows.collect())
    } else if name.contains('/') {
        let rows = store.members(&full(store, name))?.into_iter().map(|member| {
            let entities = member.entities.iter().map(|iri| short(iri)).collect::<Vec<_>>().join("\n");
            vec![member.name, member.context, member.score, member.reason, entities]
        });
        (&["name", "context", "score", "reason", "entities"], rows.collect())
    } else {
        let rows = store.identities(name)?.into_iter().map(|identity| {
            vec![
                identity.name,
                identity.kind,
                short(&identity.iri),
                identity.entities.to_string(),
                identity.other_names.join(", "),
            ]
        });
        (&["name", "type", "identity", "entities", "other names"], rows.collect())
    };
    if json {
        for row in rows {
            let object: serde_json::Map<String, serde_json::Value> =
                header.iter().map(|name| (*name).to_owned()).zip(row.into_iter().map(Into::into)).collect();
            writeln!(out, "{}", serde_json::Value::Object(object))?;
        }
    } else {
        writeln!(out, "{}", table(header, rows))?;
    }
    Ok(())
}
