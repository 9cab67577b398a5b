//! One room of the SFU, sans-IO.
