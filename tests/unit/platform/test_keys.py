"""The key file: made once, readable by its owner only, refused when short or lost."""

import json
from base64 import b64encode

import pytest

from app.platform.keys import KeyFileError, make_keys, read_keys


def test_keys_are_made_once_and_are_the_owners_alone(tmp_path):
    path = tmp_path / "home" / "keys.json"
    assert make_keys(path) is True
    before = path.read_bytes()
    assert make_keys(path) is False
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600
    assert len({read_keys(path).audit, read_keys(path).cookie, read_keys(path).keyring.index_key}) == 3


def test_a_missing_key_file_says_where_it_should_be(tmp_path):
    with pytest.raises(KeyFileError, match=r"keys\.json is missing; put it back"):
        read_keys(tmp_path / "keys.json")


def test_a_key_file_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "keys.json"
    make_keys(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_keys(path)


@pytest.mark.parametrize("key", [b"x" * 32, bytes(range(16)), b"", bytes(range(33))])
@pytest.mark.parametrize("name", ["audit", "cookie", "index"])
def test_a_weak_or_short_key_is_refused_without_showing_it(tmp_path, name, key):
    path = tmp_path / "keys.json"
    make_keys(path)
    content = json.loads(path.read_text())
    content[name] = b64encode(key).decode()
    path.write_text(json.dumps(content))
    with pytest.raises(KeyFileError) as error:
        read_keys(path)
    assert not key or content[name] not in str(error.value)


def test_a_current_key_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "keys.json"
    make_keys(path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "current": 2}))
    with pytest.raises(KeyFileError, match="names a sealing key"):
        read_keys(path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sealing": 3}'])
def test_a_damaged_key_file_is_refused_with_what_to_do(tmp_path, text):
    path = tmp_path / "keys.json"
    path.touch(mode=0o600)
    path.write_text(text)
    with pytest.raises(KeyFileError, match="backup"):
        read_keys(path)
