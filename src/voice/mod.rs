//! The house voice: declared in `voice.toml`, learned from approved posts, bounded by the channel.

pub mod channel;
pub mod earlier;
mod emoji;
pub mod features;
pub mod learn;
mod overlay;
mod profile;

pub use emoji::is_emoji;
pub use overlay::{Found, House, Houses, Terms, bare, is_capitals, symbol};
pub use profile::{
    Account, Address, Banned, Campaign, ChannelLimits, FILE_NAME, FirstPerson, Limits, Name, Profile, SCHEMA,
};
