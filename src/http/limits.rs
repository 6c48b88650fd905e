use std::time::Duration;

/// So many at once, and one more after each pause.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// At once.
    pub burst: u32,
    /// The pause after which there is one more.
    pub pause: Duration,
}

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
    /// Attempts to sign in to one account.
    pub sign_ins_of_account: Rate,
    /// Attempts to sign in from one address; an office shares one.
    pub sign_ins_of_address: Rate,
    /// Requests of one caller that may change something. A recorder that hands in a backlog needs a few thousand.
    pub posts: Rate,
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
        sign_ins_of_account: Rate { burst: 10, pause: Duration::from_secs(30) },
        sign_ins_of_address: Rate { burst: 100, pause: Duration::from_secs(3) },
        posts: Rate { burst: 1_000, pause: Duration::from_millis(50) },
    };

    /// Returns each limit with its value and what happens beyond it, for people.
    pub fn table(&self) -> Vec<(&'static str, String, &'static str)> {
        let seconds = |time: Duration| format!("{} s", time.as_secs());
        let rate = |rate: Rate| format!("{}, then one each {} ms", rate.burst, rate.pause.as_millis());
        vec![
            ("request body", format!("{} MiB", self.body / 1024 / 1024), "413"),
            ("connections at a time", self.connections.to_string(), "the next one waits"),
            ("head of a request", seconds(self.head), "connection closed"),
            ("pause within a body", seconds(self.body_pause), "408"),
            ("whole request", seconds(self.request), "408"),
            ("age of a connection", seconds(self.connection_age), "closed after the answer"),
            ("length of a query", format!("{} characters", self.query), "400"),
            ("rows of a page", self.page.to_string(), "400"),
            ("sign-ins to an account", rate(self.sign_ins_of_account), "429"),
            ("sign-ins from an address", rate(self.sign_ins_of_address), "429"),
            ("posts of a caller", rate(self.posts), "429"),
        ]
    }
}
