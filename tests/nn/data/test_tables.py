"""CSV files: every cell becomes the number that it says, on the fast way as on the slow one, or is named in an error."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_iris

import nn


def load(text, *arguments, **settings):
    return nn.data.load_csv(io.StringIO(text), *arguments, **settings)


@pytest.fixture
def loaded(tmp_path):
    """Of a text by way of a file, and of a stream."""

    def both(text, *arguments, encoding="utf-8", **settings):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        table = nn.data.load_csv(path, *arguments, encoding=encoding, **settings)
        other = load(text, *arguments, **settings)
        np.testing.assert_array_equal(table.x, other.x)
        np.testing.assert_array_equal(table.y, other.y)
        assert repr(table) == repr(other)
        assert table.x.dtype == other.x.dtype
        return table

    return both


def test_iris(loaded):
    iris = load_iris()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*iris.feature_names, "species"])
    for row, target in zip(iris.data, iris.target, strict=True):
        writer.writerow([*row, iris.target_names[target]])
    table = loaded(out.getvalue(), target="species")
    np.testing.assert_array_equal(table.x, iris.data.astype(np.float32))
    np.testing.assert_array_equal(table.y, iris.target)
    assert table.columns == tuple(iris.feature_names)
    assert table.categories == {"species": ("setosa", "versicolor", "virginica")}
    assert (len(table), table.target, table.y.dtype) == (150, "species", np.int64)
    np.testing.assert_array_equal(table["petal length (cm)"], table.x[:, 2])
    np.testing.assert_array_equal(table["species"], table.y)
    with pytest.raises(KeyError, match="expected one of sepal length .*, species; received 'color'"):
        table["color"]
    assert repr(table) == (
        "Table(150 rows, x float32[150, 4], y int64[150])\n"
        "  sepal length (cm)  4.3 to 7.9\n"
        "  sepal width (cm)   2 to 4.4\n"
        "  petal length (cm)  1 to 6.9\n"
        "  petal width (cm)   0.1 to 2.5\n"
        "  species            3 categories: setosa, versicolor, virginica (target)"
    )


NUMBERS = st.floats(width=32, allow_nan=False, allow_infinity=False) | st.integers(-(2**24), 2**24)


@given(
    rows=st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1)),
    end=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    header=st.booleans(),
)
def test_numbers_come_back(tmp_path_factory, rows, end, delimiter, quoting, header):
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, delimiter=delimiter, quoting=quoting)
    writer.writerows([[f"x{i}" for i in range(len(rows[0]))]] * header + rows)
    path = tmp_path_factory.getbasetemp() / "numbers.csv"
    path.write_bytes(out.getvalue().encode())
    out.seek(0)
    for source in (path, out):
        table = nn.data.load_csv(source, delimiter=delimiter, dtype=np.float64)
        np.testing.assert_array_equal(table.x, np.array(rows, float))


@given(cells=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1).map(str.strip), min_size=1))
def test_text_comes_back(cells):
    cells = [f"t{each}" for each in cells]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["name", "number"], *[[each, i] for i, each in enumerate(cells)]])
    out.seek(0)
    table = nn.data.load_csv(out, target="name")
    assert [table.categories["name"][code] for code in table.y] == cells
    assert table.x[:, 0].tolist() == list(range(len(cells)))


@pytest.mark.parametrize(
    ("text", "settings", "columns", "x"),
    [
        ("a,b\n1,2\n3,4\n", {}, ("a", "b"), [[1, 2], [3, 4]]),
        ("1,2\n3,4\n", {}, ("column_0", "column_1"), [[1, 2], [3, 4]]),
        ("1,2\n3,4", {"header": True}, ("1", "2"), [[3, 4]]),
        ("a,b\r\n1,2\r\n\r\n3,4\r\n\r\n", {}, ("a", "b"), [[1, 2], [3, 4]]),
        ("\ufeffa,b\n1,2\n", {}, ("a", "b"), [[1, 2]]),
        ('\ufeff"a",b\n"1",2\n', {}, ("a", "b"), [[1, 2]]),
        ("a;b\n1;2\n", {"delimiter": ";"}, ("a", "b"), [[1, 2]]),
        ("a\tb\n1\t2\n", {"delimiter": "\t"}, ("a", "b"), [[1, 2]]),
        ("  a  b\n 1   2 \n10  20\n", {"delimiter": " "}, ("a", "b"), [[1, 2], [10, 20]]),
        (" a , b\n 1 , 2.5e1 \n", {}, ("a", "b"), [[1, 25]]),
        (",a\n0,5\n1,6\n", {}, ("column_0", "a"), [[0, 5], [1, 6]]),
        ("a\n1\n\n2\n", {}, ("a",), [[1], [2]]),
        ("a,b,c\n1,2,3\n", {"columns": ["c", "a"]}, ("c", "a"), [[3, 1]]),
        ("a,b,c\n1,2,3\n", {"columns": [-1, 0]}, ("c", "a"), [[3, 1]]),
        ("a,b,c\n1,2,3\n", {"target": "b"}, ("a", "c"), [[1, 3]]),
        ("a,b,c\n1,2,3\n", {"target": -1}, ("a", "b"), [[1, 2]]),
        ("a,b\n1,x\n2,y\n", {"columns": ["a"]}, ("a",), [[1], [2]]),
        ("a,b\n1,inf\n2,-Infinity\n", {}, ("a", "b"), [[1, np.inf], [2, -np.inf]]),
        ("größe,b\n1,2\n", {"encoding": "latin-1"}, ("größe", "b"), [[1, 2]]),
        ("größe,b\n1,2\n", {"encoding": "utf-16"}, ("größe", "b"), [[1, 2]]),
        ("a,b\n1,-999\n2,3\n", {"missing": ["-999"], "allow_missing": True}, ("a", "b"), [[1, np.nan], [2, 3]]),
        ("a,b\n1,?\nNA,3\nnan,4\n,5\n", {"allow_missing": True}, ("a", "b"), [[1, np.nan], *[[np.nan, i] for i in (3, 4, 5)]]),
        ("a,b\nx,1\ny,2\nx,3\n", {"categorical": "codes"}, ("a", "b"), [[0, 1], [1, 2], [0, 3]]),
        ("a,b\nx,1\ny,2\nx,3\n", {"categorical": "one_hot"}, ("a=x", "a=y", "b"), [[1, 0, 1], [0, 1, 2], [1, 0, 3]]),
        ("a\nx\n?\n", {"header": True, "categorical": "codes", "allow_missing": True}, ("a",), [[0], [np.nan]]),
        ("a\nx\n?\n", {"header": True, "categorical": "one_hot", "allow_missing": True}, ("a=x",), [[1], [np.nan]]),
        ("x,1\ny,2\n", {"categorical": "codes"}, ("column_0", "column_1"), [[0, 1], [1, 2]]),
        ("zip,b\n12A,1\n12B,2\n123,3\n", {"categorical": "codes"}, ("zip", "b"), [[1, 1], [2, 2], [0, 3]]),
    ],
)
def test_values(loaded, text, settings, columns, x):
    table = loaded(text, **settings)
    assert table.columns == columns
    np.testing.assert_array_equal(table.x, x)
    assert table.x.dtype == np.float32


@pytest.mark.parametrize(
    ("cells", "y", "dtype"),
    [
        (["3", "-1"], [3, -1], np.int64),
        (["3.0", "1e2"], [3, 100], np.int64),
        (["123456789", "1"], [123456789, 1], np.int64),
        (["0.5", "1"], [0.5, 1], np.float32),
        (["yes", "no"], [1, 0], np.int64),
    ],
)
def test_targets(loaded, cells, y, dtype):
    table = loaded("a,b\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells)), target="b")
    np.testing.assert_array_equal(table.y, y)
    assert table.y.dtype == dtype
    assert table.columns == ("a",)


def test_further_files_have_the_same_categories(loaded):
    train = loaded("size,kind,n\nS,cat,1\nM,dog,2\nL,cat,3\n", target="kind", categorical="codes", categories={"size": "SML"})
    assert train.categories == {"size": ("S", "M", "L"), "kind": ("cat", "dog")}
    assert train.x[:, 0].tolist() == [0, 1, 2]
    settings = {"categorical": "codes", "categories": train.categories}
    assert loaded("size,kind,n\nL,dog,1\n", target="kind", **settings).y.tolist() == [1]
    assert loaded("size,n\nL,1\n", **settings).x.tolist() == [[2, 1]]
    with pytest.raises(ValueError, match=r"line 3, column 'size': expected one of S, M, L; received 'XL'"):
        load("size,n\nL,1\nXL,2\n", **settings)


def test_lines_count_what_an_editor_counts():
    text = 'name,n\n\n"two\nlines",1\n\nb,2\nc,x\n'
    with pytest.raises(ValueError, match="line 7, column 'n': expected a number, as in most lines, received 'x'"):
        load(text, columns=["n"])


@pytest.mark.parametrize(
    ("text", "settings", "message"),
    [
        ("", {}, "received an empty file"),
        ("\n \n", {}, "received an empty file"),
        ("a,b\n", {}, "a line of names only: a, b"),
        ("a,b\n1,2\n3\n", {}, "line 3: expected 2 values, as in the first line; received 1"),
        ("a\n1\n3,4\n", {}, "line 3: expected one value, as in the first line; received 2"),
        ("a,b\n1,2\n3,x\n4,5\n", {}, "line 3, column 'b': expected a number, as in most lines, received 'x'"),
        ("a,b\n1,2\n3,1_000\n4,5\n", {}, "received '1_000'"),
        ("a,b\n1,x\n2,y\n", {}, "line 2, column 'b': expected a number, received 'x'; pass categorical="),
        ("a,b\n1,2\n3,\n4,NA\n", {}, "line 3, column 'b': expected a value, received '', .* and 1 more below; pass allow"),
        ("a,b\n1,?\n", {}, r"received '\?', .* without '\?'"),
        ("a,b\n1,nan\n", {"missing": [""]}, "received 'nan', which stands for a missing one"),
        ("a,b\n1,2\n3,\n", {"target": "b", "allow_missing": True}, "line 3, column 'b': .*leave such lines out"),
        ("a,b\n1,2\n", {"target": "c"}, "target, names or positions of columns, a, b; received 'c'"),
        ("a,b\n1,2\n", {"columns": [2]}, "columns, names or positions of columns, a, b; received 2"),
        ("a,b\n1,2\n", {"target": True}, "received True"),
        ("a,b\n1,2\n", {"target": "a", "columns": ["a"]}, "the target not among them"),
        ("a,b\n1,2\n", {"columns": ["a", 0]}, "each column once"),
        ("a,b,a\n1,2,3\n", {}, "received 'a' for columns 0 and 2"),
        ("a,b\nx,y\n", {}, "numbers below names, .* 'a, b'; pass header=True"),
        ("M,\nF,3\n", {}, "numbers below names"),
        ("M,?\nF,3\n", {"categorical": "codes"}, "line 1, column 'column_1': expected a value"),
        ("id,2019\n1,2\n3,4\n", {}, "line 1, column 'column_0': .*pass header=True"),
        ("a;b\n1;2\n", {}, "pass delimiter=';'"),
        ("a;b\n1,5;2\n", {}, "line 2: .*pass delimiter=';'"),
        ("1 2\n3 4\n", {}, "pass delimiter=' '"),
        ("1;x\n2;y\n", {"header": False, "target": "x"}, "pass delimiter=';'"),
        ("a;b\n1,5;2\n", {"delimiter": ";"}, "received '1,5'; write numbers with a decimal point"),
        ("a;b\n1;2\n2,5;3\n7;4\n", {"delimiter": ";"}, "received '2,5'; write numbers with a decimal point"),
        ('a,b\n1,"2\n', {}, "line 2: .*a quote that is not closed"),
        ('a,b\n1,"2"x\n', {}, "line 2: .*a quote"),
        ("time,b\n1,2\n1609459201,3\n", {}, "line 3, column 'time': .*1609459201, which would be 1609459200; pass dtype="),
        ("a,b\n1e39,2\n", {}, "which would be inf; pass dtype="),
        ("a,b\n1e999,2\n", {"dtype": np.float64}, "received 1e999, which would be inf"),
        ("a,b\n1,2\n", {"delimiter": ",,"}, "delimiter, one character"),
        ("a,b\n1,2\n", {"encoding": "latin-0"}, "encoding, such as"),
        ("a,b\n1,2\n", {"categorical": "onehot"}, "'one_hot', 'codes' or None"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, text, settings, message):
    path = tmp_path / "wrong.csv"
    path.write_text(text, encoding="utf-8")
    for source in (path, io.StringIO(text)):
        with pytest.raises(ValueError, match=f"^load_csv(: .*wrong.csv)?[:,] .*{message}"):
            nn.data.load_csv(source, **settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"columns": "a"}, "a list of names or positions; received the text 'a'"),
        ({"dtype": int}, "a floating dtype"),
        ({"header": 0}, "True, False or 'infer'; received 0"),
        ({"missing": "NA"}, "a list of texts"),
        ({"allow_missing": "yes"}, "allow_missing, True or False"),
    ],
)
def test_settings_are_checked(settings, message):
    with pytest.raises(TypeError, match=f"^load_csv: expected .*{message}"):
        load("a,b\n1,2\n", **settings)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("größe\n1\n".encode("latin-1"), "the byte 0xf6; pass encoding='latin-1'"),
        ("a\n1\n".encode("utf-16"), "pass encoding='utf-16'"),
        (b"\x1f\x8b\x08\x00", "compressed with gzip"),
    ],
)
def test_other_encodings(tmp_path, content, message):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"expected text in utf-8, received .*{message}"):
        nn.data.load_csv(path)


def test_what_is_no_text():
    for source, received in ((5, "received 5"), ([b"a,b"], "received one of bytes")):
        with pytest.raises(TypeError, match=f"a path or a text stream, {received}"):
            nn.data.load_csv(source)
    with pytest.raises(FileNotFoundError):
        nn.data.load_csv("no such file.csv")


def test_wide_tables_are_told_in_short():
    table = load(",".join(map(str, range(100))) + "\n")
    lines = repr(table).splitlines()
    assert lines[0] == "Table(1 rows, x float32[1, 100])"
    assert lines[-1] == "  ...        76 more"
    assert len(lines) == 26
