//! Identifiers that follow from the seed, so that two starts (and a replay) agree on every one of them.

use uuid::{Builder, Uuid};

/// A guid for the `key`-th thing of a kind.
pub(super) fn guid(seed: u64, kind: &str, key: u64) -> Uuid {
    let start = kind
        .bytes()
        .fold(seed ^ 0x9e37_79b9_7f4a_7c15, |hash, byte| {
            scramble(hash ^ u64::from(byte))
        });
    let high = scramble(start ^ key);
    let low = scramble(high.wrapping_add(start));
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&high.to_be_bytes());
    bytes[8..].copy_from_slice(&low.to_be_bytes());
    Builder::from_random_bytes(bytes).into_uuid()
}

/// A guid that belongs to another one (the guest a request brings, the ticket of an invitation).
pub(super) fn derived(kind: &str, from: Uuid) -> Uuid {
    let (high, low) = from.as_u64_pair();
    guid(high, kind, low)
}

/// The finisher of `SplitMix64`: every bit of the input reaches every bit of the output.
fn scramble(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
