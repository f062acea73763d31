//! What a person does, through the application layer, against the stand-in.

mod demo;
mod faults;
mod kills;
mod names;
mod room;
mod token;
