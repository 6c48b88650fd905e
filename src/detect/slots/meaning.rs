use serde::Deserialize;

/// What a phrase says of time. The names are the keys of `[phrases]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Meaning {
    /// A turn of speech with a word of time in it. Between phrases of one length the first here wins.
    Idiom,
    /// What comes again and again.
    Recurring,
    /// The call's day.
    Today,
    /// A part of the call's day ("by lunch").
    TodayPart,
    /// The day after the call.
    Tomorrow,
    /// Two days after the call.
    Overmorrow,
    /// A day before the call that is not named further.
    Past,
    /// A weekday: the first after the call.
    Weekday,
    /// A weekday that people may mean of next week ("next Friday").
    WeekdayNext,
    /// A weekday of the past.
    WeekdayLast,
    /// A weekday of a named week.
    WeekdayOf,
    /// A weekday and a day of the month.
    WeekdayNth,
    /// A weekday and the date it falls on.
    WeekdayDate,
    /// A weekday, a week later ("Friday week").
    WeekLater,
    /// A day of the month.
    NthDay,
    /// A day and a month.
    MonthDay,
    /// A day and the number of the month ("dreizehnten elften").
    DayMonth,
    /// A date in figures.
    Figures,
    /// A month.
    Month,
    /// The month of the coming year.
    MonthLast,
    /// A year by its number.
    Year,
    /// A year without a preposition: a date only inside a longer phrase ("Q3 2027").
    BareYear,
    /// A quarter by its number.
    Quarter,
    /// Half a year by its number.
    Half,
    /// A period of another year or month ("Q4 next year").
    Of,
    /// The unit that the call lies in.
    This,
    /// The end of the unit that the call lies in, in one word ("eom").
    Ending,
    /// A unit without a word that says which ("the month"): a date only inside a longer phrase.
    Bare,
    /// The unit after.
    Next,
    /// The unit after next.
    AfterNext,
    /// The unit before.
    Last,
    /// The end of a period.
    End,
    /// The start of a period.
    Early,
    /// The middle of a period.
    Mid,
    /// The first half of a period.
    FirstHalf,
    /// The second half of a period.
    SecondHalf,
    /// So many units after the call.
    In,
    /// So many units after a day.
    From,
    /// So many units before the call.
    Ago,
    /// A week of a month by its rank.
    NthWeek,
    /// A day of a month that is named by another phrase ("the 20th of next month").
    NthOf,
    /// A weekday of a month by its rank.
    NthWeekday,
    /// The last such weekday of a month.
    LastWeekday,
    /// The last week of a period.
    LastWeek,
    /// The last working day of a period.
    LastBusinessDay,
    /// The first working day of a period.
    FirstBusinessDay,
    /// The week of a day.
    WeekOf,
    /// A week by its number.
    IsoWeek,
    /// A holiday.
    Holiday,
    /// A season.
    Season,
    /// From one day to another.
    Range,
    /// A day and the time of the day.
    Pinned,
    /// A date with a word that says "no later".
    By,
    /// The day before a date.
    Before,
    /// A date from which on; it says nothing of the last day.
    After,
    /// A date since when.
    Since,
    /// So many units from an event that has no date.
    FromEvent,
    /// Before or after an event that has no date.
    Event,
}

impl Meaning {
    /// Whether a bare unit becomes a date by it: "the end of the month".
    pub(super) fn completes(self) -> bool {
        matches!(
            self,
            Self::End
                | Self::Early
                | Self::Mid
                | Self::FirstHalf
                | Self::SecondHalf
                | Self::LastWeek
                | Self::NthOf
                | Self::LastWeekday
                | Self::LastBusinessDay
                | Self::FirstBusinessDay
        )
    }

    /// Whether the phrase holds others and is held by none.
    pub(super) fn is_outer(self) -> bool {
        matches!(
            self,
            Self::TodayPart
                | Self::By
                | Self::Before
                | Self::After
                | Self::Since
                | Self::Recurring
                | Self::FromEvent
                | Self::Event
                | Self::Idiom
        )
    }
}
