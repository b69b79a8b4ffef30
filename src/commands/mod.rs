//! Commands beside `check`: the registry of secrets, sign-off, parity. Each takes what it needs and gives back what is to be
//! printed; the command line prints it.

pub mod parity;
pub mod secrets;
pub mod signoff;

/// What a command has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// For standard output.
    pub out: String,
    /// For people, on standard error.
    pub notes: Vec<String>,
    /// Whether it found what should not be: exit status 1.
    pub found: bool,
}
