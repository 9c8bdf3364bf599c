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
use crate::identity::{Delta, Index, Property, Signature, Statement};
use crate::store::{Snapshot, Store, StoreError};

/// Name of the file in the folder of a store.
const NAME: &str = "identities.redb";
/// The latest format: raised whenever keys of blocks or the layout of the tables change.
const FORMAT: u64 = 2;
/// How many bytes of the file are kept in memory.
const CACHE: usize = 192 << 20;
/// So many statements are read at a time where the file is made anew.
const CHUNK: usize = 200_000;

type Bytes = &'static [u8];
/// Subject to its statements but the keys, packed.
const SUBJECTS: TableDefinition<'static, &'static str, Bytes> = TableDefinition::new("subjects");
/// Hash of a key and signature.
const BEARERS: TableDefinition<'static, Bytes, ()> = TableDefinition::new("bearers");
/// Hash of a signature and entity.
const MEMBERS: TableDefinition<'static, Bytes, ()> = TableDefinition::new("members");
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
    let subjects = reading.open_table(SUBJECTS)?;
    let words = words.to_lowercase();
    // `0` follows `/`.
    let [start, releases, behind, end] =
        ["", "release/", "release0", "\u{10ffff}"].map(|path| format!("{}{path}", store.base()));
    let mut found = Vec::new();
    for range in [subjects.range(start.as_str()..releases.as_str())?, subjects.range(behind.as_str()..end.as_str())?] {
        for entry in range {
            let (subject, packed) = entry?;
            let is_name = |property| matches!(property, Property::Name | Property::OtherName);
            let mut names = unpack(packed.value()).filter(|(property, _)| is_name(*property));
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

/// Whether the store holds what the file recorded last.
fn is_known(
    database: &impl ReadableDatabase,
    snapshot: &Snapshot<'_>,
    graphs: &Graphs,
    failed: impl Fn(redb::Error) -> StoreError,
) -> Result<bool, StoreError> {
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
                subjects: self.transaction.open_table(SUBJECTS)?,
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
            let empty = self.transaction.open_table(SUBJECTS)?.is_empty()?;
            self.transaction.delete_table(SUBJECTS)?;
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
    subjects: Table<'t, &'static str, Bytes>,
    bearers: Table<'t, Bytes, ()>,
    members: Table<'t, Bytes, ()>,
    last: Table<'t, (), (&'static str, u8, &'static str)>,
    path: &'t Path,
}

impl Tables<'_> {
    /// Does what the joiner has found.
    pub(super) fn apply(&mut self, delta: &Delta) -> Result<(), StoreError> {
        self.write(delta).map_err(|error| StoreError::database(self.path, error))
    }

    fn write(&mut self, delta: &Delta) -> Result<(), redb::Error> {
        let [mut bearers, mut members] = [Vec::new(), Vec::new()];
        for (statements, is_inserted) in [(&delta.remove, false), (&delta.insert, true)] {
            for (subject, property, value) in statements {
                match property {
                    Property::Key => bearers.push((pair(value, subject), is_inserted)),
                    Property::Signature => members.push((pair(value, subject), is_inserted)),
                    _ => {}
                }
            }
        }
        set(&mut self.bearers, bearers)?;
        set(&mut self.members, members)?;
        let mut by_subject: BTreeMap<&str, [Vec<(Property, &str)>; 2]> = BTreeMap::new();
        for (which, statements) in [&delta.remove, &delta.insert].into_iter().enumerate() {
            for (subject, property, value) in statements.iter().filter(|(_, property, _)| *property != Property::Key) {
                // Invariant: two lists, numbered 0 and 1.
                by_subject.entry(subject).or_default()[which].push((*property, value));
            }
        }
        for (subject, [remove, insert]) in by_subject {
            let packed = self.subjects.get(subject)?.map(|packed| packed.value().to_vec()).unwrap_or_default();
            let kept = unpack(&packed).filter(|statement| !remove.contains(statement) && !insert.contains(statement));
            let packed = pack(kept.chain(insert.iter().copied()));
            if packed.is_empty() {
                self.subjects.remove(subject)?;
            } else {
                self.subjects.insert(subject, &packed[..])?;
            }
        }
        if let Some((subject, property, value)) = delta.insert.iter().rfind(|(_, p, _)| *p == Property::Identity) {
            self.last.insert((), (subject.as_str(), *property as u8, value.as_str()))?;
        }
        Ok(())
    }

    /// Inserts statements read from the store, with the keys of the signatures.
    fn insert_read(&mut self, mut statements: Vec<Statement>) -> Result<(), StoreError> {
        let texts = statements.iter().filter(|(_, property, _)| *property == Property::Text);
        let keys: Vec<Statement> = texts
            .flat_map(|(hash, _, text)| {
                let keys = Signature::parse(text).map(|signature| signature.block_keys()).unwrap_or_default();
                keys.into_iter().map(|key| (hash.clone(), Property::Key, key))
            })
            .collect();
        statements.extend(keys);
        self.apply(&Delta { remove: Vec::new(), insert: statements })
    }

    fn read<T>(&self, subject: &str, read: impl FnOnce(Unpacked<'_>) -> T) -> Result<Option<T>, StoreError> {
        let packed = self.subjects.get(subject).map_err(|error| StoreError::database(self.path, error))?;
        Ok(packed.map(|packed| read(unpack(packed.value()))))
    }
}

/// Inserts or removes keys, in the order of the table: what lies together is written at once.
fn set(table: &mut Table<'_, Bytes, ()>, mut keys: Vec<(Vec<u8>, bool)>) -> Result<(), redb::Error> {
    keys.sort_unstable();
    for (key, is_inserted) in keys {
        if is_inserted {
            table.insert(&key[..], ())?;
        } else {
            table.remove(&key[..])?;
        }
    }
    Ok(())
}

/// The hash of a value and a subject.
fn pair(value: &str, subject: &str) -> Vec<u8> {
    let mut pair = digest(value).to_vec();
    pair.extend_from_slice(subject.as_bytes());
    pair
}

/// FNV-1a, 128 bits, as the hash of a signature.
fn digest(value: &str) -> [u8; 16] {
    Signature::digest(value).to_be_bytes()
}

/// Statements of one subject: property, length and value.
fn pack<'a>(statements: impl Iterator<Item = (Property, &'a str)>) -> Vec<u8> {
    let mut packed = Vec::new();
    for (property, value) in statements {
        packed.push(property as u8);
        packed.extend_from_slice(&(value.len() as u32).to_le_bytes());
        packed.extend_from_slice(value.as_bytes());
    }
    packed
}

fn unpack(packed: &[u8]) -> Unpacked<'_> {
    Unpacked { rest: packed }
}

/// Reads what [`pack`] wrote.
struct Unpacked<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Unpacked<'a> {
    type Item = (Property, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (property, rest) = self.rest.split_first()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (value, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        self.rest = rest;
        Some((*Property::ALL.get(usize::from(*property))?, std::str::from_utf8(value).ok()?))
    }
}

impl Index for Tables<'_> {
    type Error = StoreError;

    fn values(&self, subject: &str, property: Property) -> Result<Vec<String>, StoreError> {
        if property == Property::Key {
            let text = self.values(subject, Property::Text)?;
            let signature = text.first().and_then(|text| Signature::parse(text));
            return Ok(signature.map(|signature| signature.block_keys()).unwrap_or_default());
        }
        let values = self.read(subject, |all| {
            all.filter(|(own, _)| *own == property).map(|(_, value)| value.to_owned()).collect()
        })?;
        Ok(values.unwrap_or_default())
    }

    /// Of keys and signatures only, which is what the joiner asks for.
    fn subjects_up_to(&self, property: Property, value: &str, most: usize) -> Result<Vec<String>, StoreError> {
        let table = match property {
            Property::Key => &self.bearers,
            Property::Signature => &self.members,
            _ => return Ok(Vec::new()),
        };
        let start = digest(value);
        let read = || -> Result<Vec<String>, redb::Error> {
            let mut subjects = Vec::new();
            for entry in table.range::<&[u8]>(&start[..]..)?.take(most) {
                let (key, _) = entry?;
                let Some(subject) = key.value().strip_prefix(&start) else { break };
                subjects.push(String::from_utf8_lossy(subject).into_owned());
            }
            Ok(subjects)
        };
        read().map_err(|error| StoreError::database(self.path, error))
    }

    fn has(&self, subject: &str, property: Property, value: &str) -> Result<bool, StoreError> {
        Ok(self.read(subject, |mut all| all.any(|statement| statement == (property, value)))?.unwrap_or(false))
    }

    fn describe(&self, subject: &str) -> Result<Vec<(Property, String)>, StoreError> {
        let owned = |(property, value): (Property, &str)| (property, value.to_owned());
        Ok(self.read(subject, |all| all.map(owned).collect())?.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_packed_by_their_numbers() {
        for (number, property) in Property::ALL.into_iter().enumerate() {
            assert_eq!(property as usize, number);
        }
        let statements = [(Property::Name, "Hydravel"), (Property::OtherName, ""), (Property::Within, "é")];
        assert_eq!(unpack(&pack(statements.into_iter())).collect::<Vec<_>>(), statements);
        assert_eq!(unpack(&[1, 9, 0, 0, 0, 65]).count(), 0);
    }
}
