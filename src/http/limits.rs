use std::time::Duration;

/// The limits of the service in one place; `readback doctor` and the README print this table. Each is enforced
/// before the work that it limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's body. A ten-hour call as word-level JSON is about 20 MB.
    pub body: usize,
    /// Connections at a time; the next one waits in the kernel's queue.
    pub connections: usize,
    /// Time for the head of a request, from the opening of the connection or the end of the last answer. A
    /// connection that stays silent is closed by it.
    pub head: Duration,
    /// Pause allowed between two pieces of a body.
    pub body_pause: Duration,
    /// Time for a whole request, its body included.
    pub request: Duration,
    /// Age at which a connection is closed after the request in progress, so that nobody holds one for ever.
    pub connection_age: Duration,
    /// Length of a query in characters.
    pub query: usize,
    /// Rows of a page.
    pub page: u32,
}

impl Limits {
    /// The limits in force.
    pub const DEFAULT: Self = Self {
        body: 32 * 1024 * 1024,
        connections: 512,
        head: Duration::from_secs(10),
        body_pause: Duration::from_secs(10),
        request: Duration::from_secs(30),
        connection_age: Duration::from_secs(600),
        query: 1_000,
        page: 200,
    };

    /// Returns each limit with its value and what happens beyond it, for people.
    pub fn table(&self) -> Vec<(&'static str, String, &'static str)> {
        let seconds = |time: Duration| format!("{} s", time.as_secs());
        vec![
            ("request body", format!("{} MiB", self.body / 1024 / 1024), "413"),
            ("connections at a time", self.connections.to_string(), "the next one waits"),
            ("head of a request", seconds(self.head), "connection closed"),
            ("pause within a body", seconds(self.body_pause), "408"),
            ("whole request", seconds(self.request), "408"),
            ("age of a connection", seconds(self.connection_age), "closed after the answer"),
            ("length of a query", format!("{} characters", self.query), "400"),
            ("rows of a page", self.page.to_string(), "400"),
        ]
    }
}
