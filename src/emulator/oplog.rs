//! The state file: the seed in the first line, then one line for each write, in order. Reading it is doing it again.
//!
//! A line is handed to the system before its write is answered, so killing the emulator loses nothing that was
//! promised. A line that the killing cut short was never answered, and is set aside.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::fate::DeliveryFate;
use super::seed::{self, SeedPlan};
use super::{Config, StartError};

const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    /// What the file is, for whoever opens it.
    guestlist: String,
    version: u32,
    /// Of the demo data: other data makes other ids.
    data: String,
    seed: u64,
    guests: usize,
    requests: usize,
    #[serde(default)]
    past: usize,
    seeded_at: Timestamp,
    /// Who goes on with the file goes on with its tokens.
    #[serde(default = "Uuid::new_v4")]
    secret: Uuid,
}

/// One write.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub(super) enum OplogLine {
    Call {
        time: Timestamp,
        actor: Uuid,
        method: String,
        target: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Value>,
    },
    Arrival {
        time: Timestamp,
    },
    Fate {
        time: Timestamp,
        request: Uuid,
        fate: DeliveryFate,
    },
}

#[derive(Debug)]
pub(super) struct Oplog {
    file: File,
}

impl Oplog {
    /// Opens or starts the file; gives what to seed and what to do again.
    pub(super) fn open(
        path: &Path,
        config: &Config,
        now: Timestamp,
    ) -> Result<(Self, SeedPlan, Vec<OplogLine>), StartError> {
        let io = |error| StartError::State(path.to_owned(), error);
        let content = |what: &str| StartError::StateContent(path.to_owned(), what.to_owned());
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(io)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        if whole == 0 && bytes.len() > 4096 {
            // No header is that long: this is some other file, and nothing of it is to be cut off.
            return Err(content("it is not a state file of the emulator"));
        }
        if whole < bytes.len() {
            set_aside(path, &bytes[whole..]).map_err(io)?;
            file.set_len(whole as u64).map_err(io)?;
        }
        file.seek(SeekFrom::End(0)).map_err(io)?;
        let text = std::str::from_utf8(&bytes[..whole]).map_err(|_| content("it is not text"))?;
        let mut lines = text.lines();
        let mut oplog = Self { file };
        let Some(first) = lines.next() else {
            let plan = SeedPlan::of(config, now);
            oplog.line(&header(&plan)).map_err(io)?;
            return Ok((oplog, plan, Vec::new()));
        };
        let header: Header = serde_json::from_str(first)
            .map_err(|_| content("it is not a state file of the emulator"))?;
        if header.version != VERSION || header.data != seed::fingerprint() {
            return Err(content("another version of this program wrote it"));
        }
        let plan = SeedPlan {
            seed: header.seed,
            guests: header.guests,
            requests: header.requests,
            past: header.past,
            now: header.seeded_at,
            secret: header.secret,
        };
        let written = lines
            .enumerate()
            .map(|(number, line)| {
                serde_json::from_str(line)
                    .map_err(|_| content(&format!("line {} is damaged", number + 2)))
            })
            .collect::<Result<_, _>>()?;
        Ok((oplog, plan, written))
    }

    pub(super) fn append(&mut self, line: &OplogLine) -> std::io::Result<()> {
        self.line(line)
    }

    /// One write to the system for one line, so that a line is torn only by the system itself.
    fn line<T: Serialize>(&mut self, line: &T) -> std::io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)
    }
}

fn header(plan: &SeedPlan) -> Header {
    Header {
        guestlist: "emulator state".to_owned(),
        version: VERSION,
        data: seed::fingerprint(),
        seed: plan.seed,
        guests: plan.guests,
        requests: plan.requests,
        past: plan.past,
        seeded_at: plan.now,
        secret: plan.secret,
    }
}

fn set_aside(path: &Path, torn: &[u8]) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".torn");
    let mut aside = OpenOptions::new().append(true).create(true).open(&name)?;
    aside.write_all(torn)?;
    aside.write_all(b"\n")?;
    eprintln!(
        "The last line of the state file {} was cut short and never answered; it was moved to {}.",
        path.display(),
        Path::new(&name).display()
    );
    Ok(())
}
