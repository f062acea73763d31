//! What a part of a file is made of: chunks of xorbs. The simulated store reads the table of a
//! xorb anew for each question, number by number; here each is read once.

use std::collections::HashMap;
use std::fs::File;
use std::hash::Hash;
use std::io::{BufReader, Cursor, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use xet_client::cas_client::Client as _;
use xet_client::cas_types::{
    ChunkRange, FileRange, HttpRange, QueryReconstructionResponseV2 as Recipe, XorbMultiRangeFetch,
    XorbRangeDescriptor, XorbReconstructionTerm,
};
use xet_core_structures::merklehash::MerkleHash;
use xet_core_structures::metadata_shard::file_structs::MDBFileInfo;
use xet_core_structures::xorb_object::{XorbObject, deserialize_chunks};

use crate::content::Content;
use crate::error::Refusal;
use crate::xet_cas::refusal;
use crate::xet_store::XetStore;

/// What was looked up before: files by their id, and the tables of xorbs. Neither ever changes.
pub(crate) struct Known {
    /// Where the xorbs lie.
    folder: PathBuf,
    files: Mutex<HashMap<MerkleHash, Arc<MDBFileInfo>>>,
    tables: Mutex<HashMap<MerkleHash, Arc<Table>>>,
}

/// Where the chunks of a xorb end, in its bytes and in theirs.
struct Table {
    packed: Vec<u32>,
    unpacked: Vec<u32>,
}

impl Table {
    /// The chunks that hold these of its bytes, unpacked.
    fn chunks(&self, bytes: &Range<u32>) -> Range<u32> {
        let first = self.unpacked.partition_point(|end| *end <= bytes.start);
        let last = self.unpacked.partition_point(|end| *end < bytes.end);
        first as u32..last as u32 + 1
    }

    /// Where chunk `number` begins, in what `ends` counts.
    fn start(ends: &[u32], number: u32) -> Option<u32> {
        match number {
            0 => Some(0),
            _ => ends.get(number as usize - 1).copied(),
        }
    }

    fn span(ends: &[u32], chunks: &Range<u32>) -> Option<Range<u32>> {
        Some(Self::start(ends, chunks.start)?..Self::start(ends, chunks.end)?)
    }
}

/// A part of a file: chunks of one xorb.
struct Piece {
    xorb: MerkleHash,
    table: Arc<Table>,
    chunks: Range<u32>,
    /// What of their bytes is meant; the rest belongs to chunks that are cut.
    bytes: Range<u32>,
}

impl Known {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            files: Mutex::default(),
            tables: Mutex::default(),
        }
    }

    /// Where a xorb lies, given its name of 64 hex digits.
    pub(crate) fn xorb(&self, hash: &str) -> PathBuf {
        self.folder.join(format!("default.{hash}"))
    }

    /// The bytes of a file that is known at `range`, which must lie in it.
    fn read(&self, info: &MDBFileInfo, range: &Range<u64>) -> Option<Bytes> {
        let mut out = BytesMut::with_capacity((range.end - range.start) as usize);
        for piece in self.pieces(info, range).ok()? {
            let packed = Table::span(&piece.table.packed, &piece.chunks)?;
            let mut packed_bytes = vec![0; packed.len()];
            let mut file = File::open(self.xorb(&piece.xorb.hex())).ok()?;
            file.seek(SeekFrom::Start(u64::from(packed.start))).ok()?;
            file.read_exact(&mut packed_bytes).ok()?;
            let (bytes, _) = deserialize_chunks(&mut Cursor::new(packed_bytes)).ok()?;
            let start = Table::start(&piece.table.unpacked, piece.chunks.start)?;
            let wanted = (piece.bytes.start - start) as usize..(piece.bytes.end - start) as usize;
            out.extend_from_slice(bytes.get(wanted)?);
        }
        Some(out.freeze())
    }

    /// What `range` of a file is made of, in order.
    fn pieces(&self, info: &MDBFileInfo, range: &Range<u64>) -> Result<Vec<Piece>, Refusal> {
        let mut pieces = Vec::new();
        let mut at = 0;
        for segment in &info.segments {
            let here = at..at + u64::from(segment.unpacked_segment_bytes);
            at = here.end;
            let (from, to) = (range.start.max(here.start), range.end.min(here.end));
            if from >= to {
                continue;
            }
            let table = self.table(&segment.xorb_hash)?;
            let base = Table::start(&table.unpacked, segment.chunk_index_start);
            let base = base.ok_or_else(|| Refusal::BadRequest("beyond its xorb".to_owned()))?;
            let bytes = base + (from - here.start) as u32..base + (to - here.start) as u32;
            pieces.push(Piece {
                xorb: segment.xorb_hash,
                chunks: table.chunks(&bytes),
                table,
                bytes,
            });
        }
        Ok(pieces)
    }

    fn table(&self, xorb: &MerkleHash) -> Result<Arc<Table>, Refusal> {
        if let Some(table) = remembered(&self.tables, xorb) {
            return Ok(table);
        }
        let file = File::open(self.xorb(&xorb.hex())).map_err(|_| Refusal::NotFound)?;
        let object = XorbObject::deserialize(&mut BufReader::new(file));
        let object = object.map_err(|error| Refusal::BadRequest(error.to_string()))?;
        let table = Table {
            packed: object.info.chunk_boundary_offsets,
            unpacked: object.info.unpacked_chunk_offsets,
        };
        Ok(remember(&self.tables, xorb, table))
    }
}

async fn info(store: &XetStore, file: &MerkleHash) -> Result<Arc<MDBFileInfo>, Refusal> {
    if let Some(info) = remembered(&store.known.files, file) {
        return Ok(info);
    }
    let info = store.client.get_file_reconstruction_info(file).await;
    let (info, _) = info.map_err(refusal)?.ok_or(Refusal::NotFound)?;
    Ok(remember(&store.known.files, file, info))
}

/// A file of the store. Its bytes are put together when they are read.
pub(crate) async fn content(store: &XetStore, file: &MerkleHash) -> Result<Content, Refusal> {
    let info = info(store, file).await?;
    let (known, size) = (Arc::clone(&store.known), info.file_size());
    let read = move |range: Range<u64>| known.read(&info, &range).unwrap_or_default();
    Ok(Content::made(size, Arc::new(read)))
}

/// How `range` of a file is put together, its bytes to be fetched where `link` says.
pub(crate) async fn recipe(
    store: &XetStore,
    file: &MerkleHash,
    range: Option<Range<u64>>,
    link: impl Fn(&MerkleHash) -> String,
) -> Result<Recipe, Refusal> {
    let info = info(store, file).await?;
    let size = info.file_size();
    let range = range.unwrap_or(0..size);
    let range = range.start..range.end.min(size);
    if range.start >= size && range.start > 0 {
        return Err(Refusal::Other(StatusCode::RANGE_NOT_SATISFIABLE));
    }
    let mut recipe = Recipe {
        offset_into_first_range: 0,
        terms: Vec::new(),
        xorbs: HashMap::new(),
    };
    let mut fetches: HashMap<MerkleHash, (Arc<Table>, Vec<Range<u32>>)> = HashMap::new();
    for piece in store.known.pieces(&info, &range)? {
        let broken = || Refusal::BadRequest("a file beyond its xorb".to_owned());
        let whole = Table::span(&piece.table.unpacked, &piece.chunks).ok_or_else(broken)?;
        if recipe.terms.is_empty() {
            recipe.offset_into_first_range = u64::from(piece.bytes.start - whole.start);
        }
        recipe.terms.push(XorbReconstructionTerm {
            hash: piece.xorb.into(),
            unpacked_length: whole.end - whole.start,
            range: ChunkRange::new(piece.chunks.start, piece.chunks.end),
        });
        let fetch = fetches.entry(piece.xorb);
        let (_, chunks) = fetch.or_insert_with(|| (piece.table, Vec::new()));
        chunks.push(piece.chunks);
    }
    for (xorb, (table, chunks)) in fetches {
        let ranges = joined(chunks).into_iter();
        let fetch = XorbMultiRangeFetch {
            url: link(&xorb),
            ranges: ranges
                .filter_map(|chunks| descriptor(&table, &chunks))
                .collect(),
        };
        recipe.xorbs.insert(xorb.into(), vec![fetch]);
    }
    Ok(recipe)
}

fn descriptor(table: &Table, chunks: &Range<u32>) -> Option<XorbRangeDescriptor> {
    let bytes = Table::span(&table.packed, chunks)?;
    let bytes = FileRange::new(u64::from(bytes.start), u64::from(bytes.end));
    Some(XorbRangeDescriptor {
        chunks: ChunkRange::new(chunks.start, chunks.end),
        bytes: HttpRange::from(bytes),
    })
}

/// In order, and those that touch as one.
fn joined(mut all: Vec<Range<u32>>) -> Vec<Range<u32>> {
    all.sort_by_key(|chunks| chunks.start);
    let mut joined: Vec<Range<u32>> = Vec::with_capacity(all.len());
    for chunks in all {
        match joined.last_mut() {
            Some(last) if chunks.start <= last.end => last.end = last.end.max(chunks.end),
            _ => joined.push(chunks),
        }
    }
    joined
}

fn remembered<K: Eq + Hash, V>(known: &Mutex<HashMap<K, Arc<V>>>, key: &K) -> Option<Arc<V>> {
    known.lock().expect(UNBROKEN).get(key).cloned()
}

fn remember<K: Eq + Hash + Copy, V>(
    known: &Mutex<HashMap<K, Arc<V>>>,
    key: &K,
    value: V,
) -> Arc<V> {
    let value = Arc::new(value);
    known
        .lock()
        .expect(UNBROKEN)
        .insert(*key, Arc::clone(&value));
    value
}

const UNBROKEN: &str = "nothing panics while it holds this lock";
