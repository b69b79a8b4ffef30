//! Drafts, names, settings and rules that mean harm: what leaves the program is safe for terminals, logs and pages, and
//! no input takes more time or memory than its size.

#[path = "../desk/mod.rs"]
mod desk;
mod output;
mod resources;
#[cfg(unix)]
mod sockets;
