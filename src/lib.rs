//! draftlint: a linter for what leaders post.
//!
//! A draft is read, cut into blocks, sentences and words, searched for evidence, and matched against rules that are data
//! (`rules/`, see `rules/WRITING.md`); what is found goes through the house's policy to one of the emitters. Data flows one
//! way; each module uses only modules that stand before it here (`tests/layers.rs` holds this list against the code):
//!
//! - `span`: byte spans, lines, columns in every unit
//! - `date`: calendar days
//! - `file`: files that are read whole
//! - `finding`: what a check says, and the words that every layer shares
//! - `report`: what is said of one draft
//! - `text`: folding and cutting into tokens (shared with the build script)
//! - `compiler`: rule files to one flat pack (shared with the build script)
//! - `pack`: the compiled rules, read in place
//! - `language`: which language a block is in
//! - `draft`: the only reader of drafts
//! - `labelled`: lines that scores and classifiers are fitted from
//! - `document`: blocks, sentences, words
//! - `evidence`: facts of a sentence
//! - `detector`: structured personal data and secrets
//! - `matcher`: patterns and frames over a sentence
//! - `classifier`: many weak signs of a sentence, weighed
//! - `specificity`: the score and what is missing
//! - `settings_file`: values of settings files, with their places
//! - `voice`: the house voice
//! - `registry`: the house's own secrets as keyed hashes
//! - `options`: what drafts are judged by
//! - `check`: checks that count or compare
//! - `linter`: everything over a draft, once
//! - `policy`: selection, levels, suppressions, baseline
//! - `config`: draftlint.toml
//! - `walk`: files and folders
//! - `project`: settings made ready for drafts
//! - `parity`: whether two language versions say the same
//! - `signoff`: receipts and their signatures
//! - `emit`: one file a format
//! - `explain`: rule pages
//! - `lsp`: the language server
//! - `terminal`: pasting
//! - `jsonl`: records of archives
//! - `hostile`: what any bytes may do to each reader
//! - `init`: writes the first settings and profile
//! - `learn`: counts approved posts
//! - `checklist`: questions for the person who posts
//! - `cli`: the command line's words
//! - `rule_tests`: examples of a rule folder
//! - `run`: checks drafts as a command line asks
//! - `commands`: secrets, sign-off, parity
//! - `program`: from the command line's words to the exit status
//!
//! Where this differs from the starting design: a record's own `date` in JSON lines goes before `--as-of`, because a run over an
//! archive has one `--as-of` and each post its own present; word lists that decide a fact live in `rules/evidence/`, those
//! of rules in `rules/lexicons/`; short sentences in a row are one sentence to the patterns, so that "Purpose. People.
//! Perseverance." is one thing to match; in HTML, beside `alt` and `title`, `aria-label` and a page's description are prose
//! too, because a screen reader and a shared link show them to the public.

pub mod check;
pub mod checklist;
pub mod classifier;
pub mod cli;
pub mod commands;
pub mod compiler;
pub mod config;
pub mod date;
pub mod detector;
pub mod document;
pub mod draft;
pub mod emit;
pub mod evidence;
pub mod explain;
pub mod file;
pub mod finding;
pub mod hostile;
pub mod init;
pub mod jsonl;
pub mod labelled;
pub mod language;
pub mod learn;
pub mod linter;
pub mod lsp;
pub mod matcher;
pub mod options;
pub mod pack;
pub mod parity;
pub mod policy;
pub mod program;
pub mod project;
pub mod registry;
pub mod report;
pub mod rule_tests;
pub mod run;
pub mod settings_file;
pub mod signoff;
pub mod span;
pub mod specificity;
pub mod terminal;
pub mod text;
pub mod voice;
pub mod walk;
