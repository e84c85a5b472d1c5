"""The examples of a proxy in front: TLS of today, https alone, a socket inside, certificates that are trusted.

They were tried by hand with both proxies (README); these tests keep the files as they were tried.
"""

import re

import pytest

from tests.support.source import ROOT

NGINX = (ROOT / "scripts/deploy/nginx.conf").read_text("utf-8")
CADDY = (ROOT / "scripts/deploy/Caddyfile").read_text("utf-8")


def test_only_tls_1_2_and_1_3_are_spoken():
    assert set(re.findall(r"ssl_protocols ([^;]+);", NGINX)) == {"TLSv1.2 TLSv1.3"}
    assert re.findall(r"protocols (tls[^\n]+)", CADDY) == ["tls1.2 tls1.3"]


def test_every_suite_keeps_its_secrets_forward_and_authenticates():
    suites = re.findall(r"ssl_ciphers ([^;]+);", NGINX)[0].split(":")
    suites += [one.removeprefix("TLS_") for one in re.findall(r"ciphers (TLS_[^\n]+)", CADDY)[0].split()]
    assert len(suites) == 12
    for suite in suites:
        assert suite.startswith("ECDHE")
        assert "GCM" in suite or "CHACHA20" in suite


def test_http_leads_to_https_and_nothing_else_is_served_there():
    plain = NGINX.partition("listen 80")[2].partition("}")[0]
    assert "return 308 https://" in plain
    assert "proxy_pass" not in plain
    assert "http://" not in CADDY  # Caddy leads to https by itself when a name alone is given


def test_the_way_inside_is_a_socket_of_this_machine_that_no_other_machine_reaches():
    assert re.findall(r"proxy_pass ([^;]+);", NGINX) == ["http://unix:/run/cleared/web.sock:"]
    assert re.findall(r"reverse_proxy (\S+)", CADDY) == ["unix//run/cleared/web.sock"]


def test_certificates_are_not_of_ones_own_making():
    assert "tls internal" not in CADDY
    assert not re.search(r"snakeoil|self", NGINX)


@pytest.mark.parametrize("example", [NGINX, CADDY], ids=["nginx", "caddy"])
def test_a_clients_word_on_who_it_is_is_replaced_by_the_proxys(example):
    assert re.search(r"X-Forwarded-For (\$remote_addr|\{remote_host\})", example)
