"""Encryption at rest."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from services.crypto import CIPHERS, SoftwareCrypto

OLD, NEW, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))


def make(suite: str = "aes-256-gcm") -> SoftwareCrypto:
    return SoftwareCrypto({"k1": (suite, OLD)}, active="k1", index_key=INDEX)


@pytest.mark.parametrize("suite", sorted(CIPHERS))
@given(text=st.text(max_size=200))
def test_what_was_encrypted_is_read_back(suite, text):
    crypto = make(suite)
    stored = crypto.encrypt(text, purpose="citizen.phone")
    assert crypto.decrypt(stored, purpose="citizen.phone") == text


def test_equal_texts_are_stored_differently_and_found_by_their_index():
    crypto = make()
    stored = {crypto.encrypt("+8613812345678", purpose="p") for _ in range(50)}
    assert len(stored) == 50
    index = crypto.blind_index("+8613812345678", purpose="p")
    assert index == crypto.blind_index("+8613812345678", purpose="p")
    assert index != crypto.blind_index("+8613812345678", purpose="q")
    assert index != crypto.blind_index("+8613812345679", purpose="p")


@given(position=st.integers(min_value=0, max_value=200), bit=st.integers(min_value=0, max_value=7))
def test_any_flipped_bit_is_noticed(position, bit):
    crypto = make()
    stored = bytearray(crypto.encrypt("+8613812345678", purpose="p"))
    stored[position % len(stored)] ^= 1 << bit
    with pytest.raises((ValueError, IndexError)):
        crypto.decrypt(bytes(stored), purpose="p")


def test_a_value_moved_to_another_column_does_not_decrypt():
    crypto = make()
    stored = crypto.encrypt("+8613812345678", purpose="citizen.phone")
    with pytest.raises(ValueError, match="changed or moved"):
        crypto.decrypt(stored, purpose="citizen.name")


def test_after_rotation_old_values_are_read_and_new_ones_use_the_new_key():
    stored = make().encrypt("text", purpose="p")
    keys = {"k2": ("sm4-gcm", NEW), "k1": ("aes-256-gcm", OLD)}
    rotated = SoftwareCrypto(keys, active="k2", index_key=INDEX)
    assert rotated.decrypt(stored, purpose="p") == "text"
    assert rotated.encrypt("text", purpose="p")[1:3] == b"k2"
    with pytest.raises(ValueError, match="no key named 'k2'"):
        make().decrypt(rotated.encrypt("text", purpose="p"), purpose="p")


def test_sm4_is_the_national_standard():
    """The example of GB/T 32907-2016, A.1: key and plaintext are equal."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()
    assert encryptor.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_a_key_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        SoftwareCrypto({"k": ("aes-256-gcm", b"short")}, active="k", index_key=INDEX)
