"""The data files that stand beside the library's modules.

`importlib.resources` would do, but costs 10 ms to import, a tenth of the library.
"""

from __future__ import annotations

from pkgutil import get_data


def read_data(package: str, path: str) -> str:
    """A UTF-8 text file of the package, by its path from there, such as "data/labels.toml". Raises OSError where it is not."""
    data = get_data(package, path)
    if data is None:
        raise OSError(f"{package} is installed in a way that its data files cannot be read")
    return data.decode()
