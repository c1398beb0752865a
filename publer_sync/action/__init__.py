"""What action.yml runs in a GitHub workflow: the command line's own work, and GitHub around it.

`python -m publer_sync.action` reads everything from the environment and writes comments, issues, annotations, outputs
and the job summary. What a calendar, a plan or an apply is, it leaves to the modules that the command line uses.

A new input begins in `inputs`; `step` uses it, or `requesting` for requests by form. What people read on GitHub is in
`pages`, `request_page` and `drift`.

A guest of the core: it stands on `applying`, `calendar`, `checking`, `networks`, `planning`, `publer` and `render`, on the
wings `drafting` and `previewing`, and on `commands`.
"""
