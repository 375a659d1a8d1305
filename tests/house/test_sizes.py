"""Files and functions stay as small as `style.md` wants them; TypeScript's functions are eslint's business."""

import statistics

from tests.house import tree

FILE_LIMIT, FUNCTION_LIMIT = 400, 60
MEDIAN_FILE, MEDIAN_FUNCTION, NINTH_TENTH_FUNCTION = 120, 10, 30


def test_no_file_is_longer_than_400_lines() -> None:
    """Tests, migrations and data aside."""
    lengths = {str(path): tree.text(path).count("\n") for path in tree.code()}
    assert {name: length for name, length in lengths.items() if length > FILE_LIMIT} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    """Signature, docstring and body count."""
    assert {name: length for name, length in _functions().items() if length > FUNCTION_LIMIT} == {}


def test_most_functions_and_files_are_short() -> None:
    """Median ≤ 10 lines and nine tenths ≤ 30 for functions; median ≤ 120 for files."""
    functions, files = list(_functions().values()), [tree.text(path).count("\n") for path in tree.code()]
    assert statistics.median(functions) <= MEDIAN_FUNCTION
    assert statistics.quantiles(functions, n=10)[-1] <= NINTH_TENTH_FUNCTION
    assert statistics.median(files) <= MEDIAN_FILE


def _functions() -> dict[str, int]:
    return dict(pair for path in tree.code() if path.suffix == ".py" for pair in tree.functions(path))
