"""`python -m atelier`."""

from .cli import main

raise SystemExit(main())
