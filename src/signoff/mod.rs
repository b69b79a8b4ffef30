//! The record that a role saw a draft: which text, by which rules and settings, what was open.
//!
//! A receipt says that somebody with this role ran `draftlint sign` on this very text, and what draftlint found in it. It is
//! no approval by law, no proof that the person read the text, and no opinion on it; the signature of `ssh-keygen` says
//! which key signed, and the list of allowed signers whose key that is. A receipt holds no word of the draft, but whoever
//! has a text can test whether it is the one that was signed: that is what the receipt is for.

pub mod receipt;
pub mod ssh;

pub use receipt::{Basis, Change, Receipt, ReceiptError};
