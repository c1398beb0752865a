"""A deterministic simulation: whole histories of calendars, colleagues, Publer and faults, in one process and in no time.

    python -m tests.simulate --seeds 1000 --from 1     histories from many seeds; each that fails is shrunk and told
    python -m tests.simulate --seeds 1 --from 17 --story
    python -m tests.simulate --kind clocks             worlds of another kind (`kinds`)
    python -m tests.simulate --plain --temper any      each history has a Publer of its own temper
    python -m tests.simulate.mutations                 each fix taken out in turn: how many seeds it takes to find that

The code above the wire is the product's own, unchanged: survey, plan, `carry_out`, `hold_in`, `plan_in`, `forget`.
Below it stand a clock that jumps, the sandbox's own rules called directly, and states in memory. The same seed gives the
same story, byte for byte.

clock        the one clock: sleeping takes no time, and what is late arrives at its time
wants        a post as the calendar asks for it, and all that Publer has to show for it
service      Publer: the sandbox's service, with a trace of each post through all its ids
wire         the connection below the real gateway, and what goes wrong at a request or a write of the state (`Strike`)
places       the ledger in a folder, and on a branch (the real `GitStore` on a repository in memory)
entries      which wanted posts are one and the same, by what is promised, so that "twice" has a meaning
world        calendars, states, Publer and the clock, and how a command runs in it
running      a command while it runs: its faults, what it asked for, how it ended, and whom it told of what
commands     apply, apply of several calendars, hold, release, forget
edits        what people change in the files, as steps; `pulls` is pull, the one command that needs files
conditions   what commands run in, as steps: whose machine, what its clock says, a hold in the settings
leaving      what happens to a calendar as a whole, as steps: `forget --all`, it leaves, it gets another name
steps        the other steps: colleagues, publication that fails, time, commands; each tells its sentence
machines     machines whose clocks are not Publer's, and checkouts whose files are not the newest
kinds        the kinds of worlds beside the plain one, and which of them fresh histories are of
generation   from a seed to a history (`history_of`); `strikes` has what goes wrong
history      a history as a value, and a history run (`run`): at the end nothing goes wrong any more, applies run until
             they come to rest, all times pass, and one more apply tells what there is to tell
invariants   what must hold after every step and at the end
tolerance    what no client can help where Publer has a temper of its own
coverage     what there is to meet, and what histories meet
findings     the classes of what can be broken, each with its code
shrink       a failing history made short
story        a history as numbered sentences
mutations    the old rules, to be put back one at a time
fresh        the seeds that nobody has tried, which follow from the code

`seeds.txt` lists seeds that have failed once; `tests/system/test_simulation.py` runs them always, and fresh ones beside.
"""
