/**
 * What the server tells and takes, as types alone.
 *
 * @typedef {{ day: string | null, time: string | null, zone: string, written: string | null, counts_from: string | null, next: boolean }} Moment
 *   `day` is `2027-03-02`, `time` is `09:00`, both on the clock of `zone`; `written` is what the file says.
 * @typedef {{ path: string, alt: string, thumb: string | null }} Medium
 * @typedef {{ options: string[], duration: string | null, question?: string }} Poll
 * @typedef {{ text: string, was: number | null }} ThreadPart `was`: its number in the file
 * @typedef {{ text: string, after?: string | null }} FirstComment
 * @typedef {{ every: string, numbered: boolean, parts: { part: string, day: string, time: string }[] }} Series
 *
 * @typedef {object} Post
 * @property {string} key stays while it is the same post
 * @property {string} revision changes with what the file says of it
 * @property {string} calendar
 * @property {string} file
 * @property {number} line
 * @property {string} open the address that opens the line in the editor
 * @property {string | null} id
 * @property {string} title of a video, a pin or an article
 * @property {string[]} accounts
 * @property {Moment | null} at
 * @property {Record<string, Moment>} times of accounts that have their own
 * @property {Series | null} series
 * @property {string} text
 * @property {Record<string, string>} texts of accounts that have their own
 * @property {string[]} thread the parts after the first
 * @property {FirstComment | null} comment
 * @property {string | null} link
 * @property {string[]} labels all that it has
 * @property {string[]} own_labels those that its own lines say
 * @property {boolean} draft
 * @property {boolean} stored it stays in store, and a use of it comes where it is moved to
 * @property {string | null} note
 * @property {Medium[]} media
 * @property {Poll | null} poll
 * @property {Record<string, string>} why_not what cannot be written back, by field, with the reason
 * @property {boolean} [frozen]
 * @property {boolean} [past]
 * @property {string} [fate] what became of it, once its time has passed
 * @property {string} [marks] changes with what plan would do with it
 *
 * @typedef {{ alias: string, network: string, label: string, name: string }} Account
 * @typedef {{ name: string, folder: string, zone: string, files: string[], accounts: Account[], labels: string[], dates: Record<string, string>, compared: string, alarms: string[], beside: string }} Calendar
 *
 * @typedef {object} Problem
 * @property {string} severity
 * @property {string} code
 * @property {string} message
 * @property {string} [fix]
 * @property {string | null} [key] of the post that it is in
 * @property {string} [calendar]
 * @property {string} [account]
 * @property {string} [file]
 * @property {number} [line]
 * @property {string} [open]
 *
 * @typedef {object} State
 * @property {number} version
 * @property {boolean} read_only
 * @property {string} lost why the calendar cannot be read any more
 * @property {string} today
 * @property {Calendar[]} calendars
 * @property {boolean} large posts and problems come apart
 * @property {Post[]} posts
 * @property {Problem[]} problems
 * @property {string | null} undo what undo would take back
 * @property {number | null} undo_step its number
 * @property {string | null} redo
 * @property {number | null} redo_step
 * @property {number} changed files that differ from HEAD
 * @property {Branch} branch where one stands
 * @property {Kept[]} kept words that are not saved yet
 *
 * @typedef {{ name: string, calendar: string, key: string | null, lost?: boolean, values: any }} Kept what was in a form; `key` is that of the post
 *   that it is for, unless that is a new one, or lost: not found any more
 *
 * @typedef {{ version: number, problems: Problem[], about: string, rows: Record<string, [revision: string, marks: string, cards: unknown[][]]>, posts: Post[] }} Outline
 *   a large calendar in short: all that is wrong, and of each post what it is called now, its marks and what its cards are
 *
 * @typedef {object} Fields what the form sends of a post; what is absent stays
 * @property {string} [text]
 * @property {Record<string, string | null>} [texts] null takes an account's own words away
 * @property {ThreadPart[]} [thread]
 * @property {FirstComment | null} [comment]
 * @property {string | null} [link]
 * @property {string[]} [labels]
 * @property {boolean} [draft]
 * @property {string | null} [note]
 * @property {string[]} [accounts]
 * @property {{ path: string, alt: string }[]} [media]
 * @property {Poll | null} [poll]
 *
 * @typedef {{ day?: string, time?: string, accounts?: string[], series?: "this" | "all", part?: string, of?: string, by?: number }} Move
 *   `of`: day and time are those of the post on this account, and the others move by as much
 * @typedef {{ move?: Move, edit?: Fields, remove?: { series?: "this" | "all", part?: string }, duplicate?: { day: string, part?: string }, swap?: { with: string, move: Move }, label?: { add: string[], remove: string[] }, new?: Fields & { calendar: string, day: string, time?: string } }} Do
 *
 * @typedef {object} Answer
 * @property {number} version
 * @property {string} say
 * @property {Post[]} posts changed or new
 * @property {string[]} gone
 * @property {Record<string, string[]>} cards
 * @property {string} [diff]
 * @property {string | null} undo
 * @property {number | null} undo_step
 * @property {string | null} redo
 * @property {number | null} redo_step
 * @property {number | null} step its own number, by which it alone is undone
 * @property {number} [changed]
 * @property {Problem[]} problems that it adds
 * @property {Problem[]} [standing] all that there are now
 * @property {string[]} [unshown] pictures that no post shows any more
 *
 * @typedef {{ say: string, problems?: Problem[], file?: string, line?: number, open?: string, paste?: string, swap?: string | null, account?: string }} Refusal
 * @typedef {{ say: string, yours: Do, theirs: Post | null, file: string, line: number, open: string }} Clash
 *
 * @typedef {{ ok: boolean, why?: string, say?: string, swap?: string | null, account?: string, time?: string }} Landing whether a post may go to a day;
 *   `time` is the one that a post without one would get there
 * @typedef {{ used: number, limit: number | null, over_from: number | null }} Count `over_from` is an offset in the typed text
 * @typedef {{ counts: Record<string, Count>, shown: Record<string, string>, problems: Problem[], thread?: Record<string, Count>[] }} Counted
 *
 * @typedef {{ name: string, back: string, pushed: boolean, address: string }} Branch `back` is the default branch, where one stands on another
 * @typedef {{ say: string, key: string | null, was: [string, number] | null }} ChangedPost
 * @typedef {{ calendar: number, file: string, status: string, diff: string, words: ChangedPost[] }} ChangedFile
 * @typedef {{ line: string, branch: string, folder: string, commands: string[][], instead: string, paste: string, notes: string[], mark: string }} Review
 * @typedef {{ say: string, done: string[][], failed: string[], said: string, left: string[][], folder: string, address: string }} Reviewed
 * @typedef {{ files: ChangedFile[], branch: Branch, review: Review | null, git: boolean }} Changes
 *
 * What page.js keeps of a card.
 * @typedef {{ element: HTMLElement, number: number, key: string, at: string, day: string, calendar: string }} Card
 *
 * @typedef {object} CalendarPage what page.js lends
 * @property {string} today
 * @property {(zone: string) => string} clockIn the time there now, such as `2027-03-02T09:00`
 * @property {(card: Card, at: string) => void} place
 * @property {(cards: Record<string, string[]>) => void} replace
 * @property {(key: string) => Card[]} of
 * @property {(number: string | number) => Card | undefined} at
 * @property {(day: string) => Card[]} on
 * @property {() => Card[]} untimed those without a time, as far as the filters let them through
 * @property {(card: Card) => HTMLElement} entry as the month has it
 * @property {() => string} day
 * @property {() => "month" | "week" | "list"} view
 * @property {(rows: Outline["rows"], stale: Set<string>) => void} outline takes over what posts without a card are; the words of those that are stale are not known any more
 * @property {(html: string) => void} about what there is to know apart from posts
 * @property {() => string[]} keys of the posts that have cards
 * @property {() => string[]} wanted keys of the posts that would be shown now and have no card, the nearest first
 * @property {() => string[]} unsearched keys of the posts whose words decide whether a search finds them, and are not here
 * @property {(texts: Record<string, [string, string, string][]>) => void} search takes over such words
 * @property {() => number} unread how many posts are still to be read for what is shown
 * @property {() => void} settled after nothing is wanted any more
 * @property {(day: string) => void} goTo
 * @property {(day: string) => void} openDay
 * @property {() => void} closeDay
 * @property {(number: string | number) => void} focusOn
 * @property {() => () => boolean} heldFocus remembers what has the focus; what is returned gives it back, and tells whether anything could take it
 * @property {{ plus: (day: string, number: number) => string, weekday: (day: string) => number, monday: (day: string) => string, short: (day: string) => string, named: (day: string) => string, monthOf: (day: string, number?: number) => string }} days
 */

export {};
