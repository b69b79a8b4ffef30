//! The house voice: a profile that is declared or learned.

use crate::document::sentence::{BlockWords, Sentence};
use crate::evidence::marks::Marks;

/// A declared voice.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Contact data and facts that are public.
    pub public: Vec<String>,
}

impl Profile {
    /// Whether a value (an address, a number) is declared public.
    pub fn is_public(&self, value: &str) -> bool {
        self.public.iter().any(|p| p == value)
    }
}

/// The profile's terms as marks on sentences.
#[derive(Default)]
pub struct Overlay {}

impl Overlay {
    /// The overlay of a profile; nothing without one.
    pub fn new(_profile: Option<&Profile>) -> Self {
        Self {}
    }

    /// Marks the profile's terms in a sentence.
    pub fn mark(&self, _block: &BlockWords, _sentence: &Sentence, _marks: &mut Marks) {}
}
