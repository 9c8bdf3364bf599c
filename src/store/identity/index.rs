//! What the joiner remembers, in a file of its own (a B-tree, `redb`) beside the database: a lookup there costs a hundredth of
//! one in the triple store.
//!
//! The store is the truth. The file holds nothing that cannot be derived from it, and the number of changes of the store that
//! it knows: where that is not the store's own (a process died, something else wrote), it is made anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use oxigraph::model::{NamedNode, Quad, Term};
use redb::{ReadableDatabase, ReadableTable, ReadableTableMetadata, Table, TableDefinition, WriteTransaction};

use super::{Graphs, statements};
use crate::graph::vocabulary::pg;
use crate::identity::{Delta, Index, Key, Property, Signature, SignatureId, Statement, Told, unpacked};
use crate::store::{Snapshot, Store, StoreError};

/// Name of the file in the folder of a store.
const NAME: &str = "identities.redb";
/// The latest format: raised whenever keys of blocks or the layout of the tables change.
const FORMAT: u64 = 5;
/// How many bytes of the file are kept in memory.
const CACHE: usize = 192 << 20;
/// So many statements are read at a time where the file is made anew.
const CHUNK: usize = 200_000;

type Bytes = &'static [u8];
/// Signature to its statements, packed as [`Told`].
const SIGNATURES: TableDefinition<'static, u128, Bytes> = TableDefinition::new("signatures");
/// Identity to its statements, packed; entity to its signature.
const NODES: TableDefinition<'static, &'static str, Bytes> = TableDefinition::new("nodes");
/// Key and signature.
const BEARERS: TableDefinition<'static, (u64, u128), ()> = TableDefinition::new("bearers");
/// Signature and entity.
const MEMBERS: TableDefinition<'static, (u128, &'static str), ()> = TableDefinition::new("members");
/// Bands of the texts of releases: those that there are, and perhaps some that were.
const BANDS: TableDefinition<'static, u64, ()> = TableDefinition::new("bands");
/// The format of the file and the number of changes of the store.
const STATE: TableDefinition<'static, &'static str, u64> = TableDefinition::new("state");
/// The statement that was inserted last.
const LAST: TableDefinition<'static, (), (&'static str, u8, &'static str)> = TableDefinition::new("last");

/// The file, opened by the first that joins.
#[derive(Default)]
pub(in crate::store) struct IndexFile(Mutex<Option<redb::Database>>);

impl std::fmt::Debug for IndexFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IndexFile")
    }
}

impl IndexFile {
    /// Begins a change; the file is opened, and made anew from `snapshot` where it does not know the last change.
    pub(super) fn begin(&self, snapshot: &Snapshot<'_>, graphs: &Graphs) -> Result<Writing, StoreError> {
        let store = snapshot.store();
        let path = store.path().join(NAME);
        let failed = |error: redb::Error| StoreError::database(&path, error);
        let mut opened = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if opened.is_none() {
            let database = open(&path, store.is_on_disk()).map_err(failed)?;
            // The disk may have lost the last changes of the store, but not of this file.
            let known = is_known(&database, snapshot, graphs, failed)?;
            let database = if known { database } else { renew(database, &path, store.is_on_disk()).map_err(failed)? };
            *opened = Some(database);
        }
        // Invariant: it was opened above.
        let Some(database) = opened.as_ref() else { return Err(StoreError::database(&path, "not open")) };
        let transaction = database.begin_write().map_err(|error| failed(error.into()))?;
        drop(opened);
        let mut writing = Writing { transaction, path: path.clone() };
        let (format, revision) = writing.state()?;
        if (format, revision) != (FORMAT, store.revision() + 1) {
            writing.rebuild(snapshot, graphs)?;
        }
        Ok(writing)
    }
}

impl IndexFile {
    /// The identities that are called by a name with these words in it, whatever the case; `None` where the file is not
    /// there or not in step with the store.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::store) fn named(
        &self,
        snapshot: &Snapshot<'_>,
        graphs: &Graphs,
        words: &str,
    ) -> Result<Option<Vec<NamedNode>>, StoreError> {
        let path = snapshot.store().path().join(NAME);
        let failed = |error: redb::Error| StoreError::database(&path, error);
        let opened = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(database) = opened.as_ref() {
            let reading = database.begin_read().map_err(|error| failed(error.into()))?;
            drop(opened);
            return named(&reading, snapshot.store(), words).map_err(failed);
        }
        if !path.is_file() {
            return Ok(None);
        }
        // While it is open here, nobody of this process opens it for writing: the lock is held. Others would have to lock
        // the store.
        let database = match redb::Database::builder().set_cache_size(CACHE).open_read_only(&path) {
            Ok(database) => database,
            // The process that had it was killed: the next that writes mends it.
            Err(error) if is_damage(&error) => return Ok(None),
            Err(error) => return Err(failed(error.into())),
        };
        if !is_known(&database, snapshot, graphs, failed)? {
            return Ok(None);
        }
        let reading = database.begin_read().map_err(|error| failed(error.into()))?;
        named(&reading, snapshot.store(), words).map_err(failed)
    }
}

/// Looks through the names of all identities: they lie together, before and behind the entities of the releases.
fn named(reading: &redb::ReadTransaction, store: &Store, words: &str) -> Result<Option<Vec<NamedNode>>, redb::Error> {
    let state = match reading.open_table(STATE) {
        Ok(state) => state,
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let number = |key| Ok::<_, redb::Error>(state.get(key)?.map(|number| number.value()));
    if number("format")? != Some(FORMAT) || number("changes")? != Some(store.revision() + 1) {
        return Ok(None);
    }
    let nodes = reading.open_table(NODES)?;
    let words = words.to_lowercase();
    // `0` follows `/`.
    let [start, releases, behind, end] =
        ["", "release/", "release0", "\u{10ffff}"].map(|path| format!("{}{path}", store.base()));
    let mut found = Vec::new();
    for range in [nodes.range(start.as_str()..releases.as_str())?, nodes.range(behind.as_str()..end.as_str())?] {
        for entry in range {
            let (subject, packed) = entry?;
            let is_name = |property| matches!(property, Property::Name | Property::OtherName);
            let mut names = unpacked(packed.value()).filter(|(property, _)| is_name(*property));
            if names.any(|(_, name)| name.to_lowercase().contains(&words)) {
                found.extend(NamedNode::new(subject.value()));
            }
        }
    }
    Ok(Some(found))
}

fn open(path: &Path, on_disk: bool) -> Result<redb::Database, redb::Error> {
    let mut builder = redb::Database::builder();
    builder.set_cache_size(CACHE);
    if !on_disk {
        return Ok(builder.create_with_backend(redb::backends::InMemoryBackend::new())?);
    }
    match builder.create(path) {
        // Nothing is lost with a damaged file.
        Err(error) if is_damage(&error) => {
            std::fs::remove_file(path)?;
            Ok(builder.create(path)?)
        }
        opened => Ok(opened?),
    }
}

/// Whether an error tells that the file is none of this format, or not whole.
fn is_damage(error: &redb::DatabaseError) -> bool {
    use std::io::ErrorKind::{InvalidData, UnexpectedEof};
    match error {
        redb::DatabaseError::UpgradeRequired(_) | redb::DatabaseError::RepairAborted => true,
        redb::DatabaseError::Storage(redb::StorageError::Corrupted(_)) => true,
        redb::DatabaseError::Storage(redb::StorageError::Io(error)) => {
            matches!(error.kind(), InvalidData | UnexpectedEof)
        }
        _ => false,
    }
}

/// A new file in the place of one that is not to be trusted.
fn renew(database: redb::Database, path: &Path, on_disk: bool) -> Result<redb::Database, redb::Error> {
    drop(database);
    if on_disk {
        std::fs::remove_file(path)?;
    }
    open(path, on_disk)
}

/// Whether the file is of this format, and the store holds what it recorded last.
fn is_known(
    database: &impl ReadableDatabase,
    snapshot: &Snapshot<'_>,
    graphs: &Graphs,
    failed: impl Fn(redb::Error) -> StoreError,
) -> Result<bool, StoreError> {
    let is_older = || -> Result<bool, redb::Error> {
        let format = match database.begin_read()?.open_table(STATE) {
            Ok(state) => state.get("format")?.map(|format| format.value()),
            Err(redb::TableError::TableDoesNotExist(_)) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(format.is_some_and(|format| format != FORMAT))
    };
    if is_older().map_err(&failed)? {
        return Ok(false);
    }
    let last = || -> Result<Option<Statement>, redb::Error> {
        let reading = database.begin_read()?;
        let table = match reading.open_table(LAST) {
            Ok(table) => table,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let last = table.get(())?;
        Ok(last.and_then(|last| {
            let (subject, property, value) = last.value();
            Some((subject.to_owned(), *Property::ALL.get(usize::from(property))?, value.to_owned()))
        }))
    };
    let Some((subject, property, value)) = last().map_err(failed)? else { return Ok(true) };
    match statements::quad(graphs, snapshot.store().base(), (&subject, property, &value)) {
        Some(quad) => snapshot.contains(&quad),
        None => Ok(true),
    }
}

/// A change of the file: what reads it sees what was written, others see nothing before it is committed.
pub(super) struct Writing {
    transaction: WriteTransaction,
    path: std::path::PathBuf,
}

impl Writing {
    fn failed(&self, error: impl Into<redb::Error>) -> StoreError {
        StoreError::database(&self.path, error.into())
    }

    fn state(&self) -> Result<(u64, u64), StoreError> {
        let read = || -> Result<(u64, u64), redb::Error> {
            let table = self.transaction.open_table(STATE)?;
            let number = |key| Ok::<_, redb::Error>(table.get(key)?.map_or(0, |number| number.value()));
            Ok((number("format")?, number("changes")?))
        };
        read().map_err(|error| self.failed(error))
    }

    /// Gives what the joiner reads and writes.
    pub(super) fn tables(&self) -> Result<Tables<'_>, StoreError> {
        let open = || -> Result<Tables<'_>, redb::Error> {
            Ok(Tables {
                signatures: self.transaction.open_table(SIGNATURES)?,
                nodes: self.transaction.open_table(NODES)?,
                bearers: self.transaction.open_table(BEARERS)?,
                members: self.transaction.open_table(MEMBERS)?,
                last: self.transaction.open_table(LAST)?,
                path: &self.path,
            })
        };
        open().map_err(|error| self.failed(error))
    }

    /// Keeps what was written, as the state of the store after so many changes.
    pub(super) fn commit(self, revision: u64) -> Result<(), StoreError> {
        let Self { transaction, path } = self;
        let commit = || -> Result<(), redb::Error> {
            let mut table = transaction.open_table(STATE)?;
            table.insert("format", FORMAT)?;
            // A file without state knows none, not even the first.
            table.insert("changes", revision + 1)?;
            drop(table);
            Ok(transaction.commit()?)
        };
        commit().map_err(|error| StoreError::database(&path, error))
    }

    /// Forgets all and reads it from the store.
    fn rebuild(&mut self, snapshot: &Snapshot<'_>, graphs: &Graphs) -> Result<(), StoreError> {
        let delete = || -> Result<bool, redb::Error> {
            let empty = self.transaction.open_table(SIGNATURES)?.is_empty()?;
            self.transaction.delete_table(SIGNATURES)?;
            self.transaction.delete_table(NODES)?;
            self.transaction.delete_table(BEARERS)?;
            self.transaction.delete_table(MEMBERS)?;
            self.transaction.delete_table(BANDS)?;
            self.transaction.delete_table(LAST)?;
            Ok(empty)
        };
        if !delete().map_err(|error| self.failed(error))? {
            tracing::info!("the index of identities is out of date: it is made anew");
        }
        let mut tables = self.tables()?;
        let base = snapshot.store().base();
        for graph in [&graphs.decisions, &graphs.identity] {
            let mut chunk = Vec::new();
            for quad in snapshot.quads(None, None, None, Some(graph.as_ref())) {
                chunk.extend(statements::statement(base, &quad?));
                if chunk.len() >= CHUNK {
                    tables.insert_read(std::mem::take(&mut chunk))?;
                }
            }
            tables.insert_read(chunk)?;
        }
        drop(tables);
        let mut bands = Vec::new();
        for quad in snapshot.quads(None, Some(pg::BAND), None, None) {
            bands.extend(band(&quad?));
        }
        self.add_bands(bands)
    }

    /// Adds bands of texts.
    pub(super) fn add_bands(&self, mut bands: Vec<u64>) -> Result<(), StoreError> {
        bands.sort_unstable();
        let add = || -> Result<(), redb::Error> {
            let mut table = self.transaction.open_table(BANDS)?;
            for band in bands {
                table.insert(band, ())?;
            }
            Ok(())
        };
        add().map_err(|error| self.failed(error))
    }

    /// Those of the bands that a release may have.
    pub(super) fn known_bands(&self, bands: &[u64]) -> Result<Vec<u64>, StoreError> {
        let read = || -> Result<Vec<u64>, redb::Error> {
            let table = self.transaction.open_table(BANDS)?;
            let mut known = Vec::new();
            for band in bands {
                if table.get(*band)?.is_some() {
                    known.push(*band);
                }
            }
            Ok(known)
        };
        read().map_err(|error| self.failed(error))
    }
}

/// The band that a quad tells.
pub(super) fn band(quad: &Quad) -> Option<u64> {
    match &quad.object {
        Term::Literal(band) if quad.predicate == pg::BAND => u64::from_str_radix(band.value(), 16).ok(),
        _ => None,
    }
}

/// The tables of a change.
pub(super) struct Tables<'t> {
    signatures: Table<'t, u128, Bytes>,
    nodes: Table<'t, &'static str, Bytes>,
    bearers: Table<'t, (u64, u128), ()>,
    members: Table<'t, (u128, &'static str), ()>,
    last: Table<'t, (), (&'static str, u8, &'static str)>,
    path: &'t Path,
}

/// What changes of a subject: what to remove, and what to insert.
type OfSubject<'d> = [Vec<(Property, &'d str)>; 2];

impl Tables<'_> {
    /// Does what the joiner has found.
    pub(super) fn apply(&mut self, delta: &Delta) -> Result<(), StoreError> {
        self.write(delta).map_err(|error| StoreError::database(self.path, error))
    }

    fn write(&mut self, delta: &Delta) -> Result<(), redb::Error> {
        // In the order of the tables: what lies together is written at once.
        let mut signatures: BTreeMap<u128, OfSubject<'_>> = BTreeMap::new();
        let mut nodes: BTreeMap<&str, OfSubject<'_>> = BTreeMap::new();
        let mut members: Vec<(u128, &str, bool)> = Vec::new();
        for (which, statements) in [&delta.remove, &delta.insert].into_iter().enumerate() {
            // The identity of an entity is that of its signature.
            for (subject, property, value) in
                statements.iter().filter(|(_, property, _)| *property != Property::Identity)
            {
                let of_subject = match SignatureId::parse(subject) {
                    Some(id) => signatures.entry(id.into()).or_default(),
                    None => nodes.entry(subject).or_default(),
                };
                // Invariant: two lists, numbered 0 and 1.
                of_subject[which].push((*property, value));
                if let Some(id) = SignatureId::parse(value).filter(|_| *property == Property::Signature) {
                    members.push((id.into(), subject, which == 1));
                }
            }
        }
        for (key, id, is_inserted) in &delta.keys {
            let key = (key.0, u128::from(*id));
            if *is_inserted {
                self.bearers.insert(key, ())?
            } else {
                self.bearers.remove(key)?
            };
        }
        members.sort_unstable();
        for (id, entity, is_inserted) in members {
            let key = (id, entity);
            if is_inserted {
                self.members.insert(key, ())?
            } else {
                self.members.remove(key)?
            };
        }
        for (id, changed) in signatures {
            let told = changed_told(self.signatures.get(id)?.map(|packed| Told::from_bytes(packed.value())), &changed);
            if told.is_empty() {
                self.signatures.remove(id)?
            } else {
                self.signatures.insert(id, told.as_bytes())?
            };
        }
        for (iri, changed) in nodes {
            let told = changed_told(self.nodes.get(iri)?.map(|packed| Told::from_bytes(packed.value())), &changed);
            if told.is_empty() {
                self.nodes.remove(iri)?
            } else {
                self.nodes.insert(iri, told.as_bytes())?
            };
        }
        if let Some((subject, property, value)) = delta.insert.iter().rfind(|(_, p, _)| *p == Property::Identity) {
            self.last.insert((), (subject.as_str(), *property as u8, value.as_str()))?;
        }
        Ok(())
    }

    /// Inserts statements read from the store, with what follows from the texts of the signatures.
    fn insert_read(&mut self, mut statements: Vec<Statement>) -> Result<(), StoreError> {
        let (mut follow, mut bearing) = (Vec::new(), Vec::new());
        for (hash, _, text) in statements.iter().filter(|(_, property, _)| *property == Property::Text) {
            if let (Some(id), Some(signature)) = (SignatureId::parse(hash), Signature::parse(text)) {
                let keys = signature.keys();
                bearing.extend(keys.all().iter().map(|key| (*key, id, true)));
                follow.push((hash.clone(), Property::Words, signature.key()));
                follow.push((hash.clone(), Property::Keys, keys.text()));
            }
        }
        statements.extend(follow);
        bearing.sort_unstable();
        self.apply(&Delta { remove: Vec::new(), insert: statements, keys: bearing })
    }

    fn failed(&self, error: redb::StorageError) -> StoreError {
        StoreError::database(self.path, error)
    }
}

/// What was told of a subject with what has changed.
fn changed_told(told: Option<Told>, [remove, insert]: &OfSubject<'_>) -> Told {
    let mut told = told.unwrap_or_default();
    told.retain(|property, value| !remove.contains(&(property, value)) && !insert.contains(&(property, value)));
    insert.iter().for_each(|(property, value)| told.push(*property, value));
    told
}

impl Index for Tables<'_> {
    type Error = StoreError;

    fn signature(&self, id: SignatureId) -> Result<Told, StoreError> {
        let packed = self.signatures.get(u128::from(id)).map_err(|error| self.failed(error))?;
        Ok(packed.map(|packed| Told::from_bytes(packed.value())).unwrap_or_default())
    }

    fn describe(&self, iri: &str) -> Result<Told, StoreError> {
        let packed = self.nodes.get(iri).map_err(|error| self.failed(error))?;
        Ok(packed.map(|packed| Told::from_bytes(packed.value())).unwrap_or_default())
    }

    fn bearers(&self, key: Key, most: usize) -> Result<Vec<SignatureId>, StoreError> {
        let mut bearers = Vec::new();
        let range = self.bearers.range((key.0, 0)..=(key.0, u128::MAX)).map_err(|error| self.failed(error))?;
        for entry in range.take(most) {
            let (bearer, _) = entry.map_err(|error| self.failed(error))?;
            bearers.push(bearer.value().1.into());
        }
        Ok(bearers)
    }

    fn members(&self, id: SignatureId, most: usize) -> Result<Vec<String>, StoreError> {
        let id = u128::from(id);
        let mut members = Vec::new();
        for entry in self.members.range((id, "")..).map_err(|error| self.failed(error))?.take(most) {
            let (member, _) = entry.map_err(|error| self.failed(error))?;
            let (signature, entity) = member.value();
            if signature != id {
                break;
            }
            members.push(entity.to_owned());
        }
        Ok(members)
    }
}
