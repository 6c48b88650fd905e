//! The `readback` binary.

fn main() {}
