"""Misspelt domains: what is offered, and the real domains that are left alone."""

import pytest

from cleanbill.contacts.email import read_email
from cleanbill.contacts.mail_domains import mail_domains

BIG = ["gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "googlemail.com", "protonmail.com"]


def offered(domain: str) -> str | None:
    reading = read_email(f"jane@{domain}")
    meant = reading.typo or reading.guess
    return meant and meant.partition("@")[2]


def slips(domain: str) -> dict[str, str]:
    """The commonest slips in a domain's name and ending."""
    name, _, ending = domain.partition(".")
    swapped = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(1, len(name) - 1)}
    dropped = {name[:i] + name[i + 1 :] for i in range(1, len(name))}
    doubled = {name[:i] + name[i] + name[i:] for i in range(len(name))}
    names = {f"{wrong}.{ending}" for wrong in swapped | dropped | doubled}
    endings = {
        f"{name}.{wrong}"
        for wrong in ("con", "cmo", "ocm", "comm", "vom", "xom", "cim", "co", "cm", "om", "cpm", "coom")
    }
    return dict.fromkeys(names | endings, domain)


@pytest.mark.parametrize("domain", BIG)
def test_slips_in_a_big_providers_domain_are_offered(domain: str) -> None:
    cases = {wrong: right for wrong, right in slips(domain).items() if wrong not in mail_domains().real}
    found = [offered(wrong) == right for wrong, right in cases.items()]
    assert sum(found) >= 0.97 * len(found), [wrong for wrong, right in cases.items() if offered(wrong) != right]


@pytest.mark.parametrize("domain", sorted(mail_domains().real))
def test_real_domains_are_left_alone(domain: str) -> None:
    assert offered(domain) is None


REAL = """
acme.com apple.com adobe.com amazon.com allianz.de aol.com bmw.de bosch.com cisco.com cloudflare.com dell.com dhl.com
ebay.com ey.com fedex.com ford.com free.fr gap.com ge.com github.com gitlab.com gm.com goal.com google.com gsk.com
hp.com hsbc.com hubspot.com ibm.com ikea.com ing.nl intel.com kpmg.com lego.com lenovo.com line.me linkedin.com
lloyds.com mailchimp.com maersk.com mars.com meta.com microsoft.com nestle.com netflix.com nike.com nokia.com notion.so
oracle.com orange.fr otto.de overlook.com paypal.com pfizer.com pwc.com roche.com sap.com shell.com shopify.com
siemens.com slack.com sony.com spotify.com stripe.com target.com tesla.com tui.com uber.com unilever.com ups.com
visa.com vodafone.com volvo.se walmart.com wipro.com xerox.com yale.edu yelp.com zara.com zoom.us zenskar.com olive.com
alive.com life.com like.com lime.com lines.com live.nl love.com male.com mall.com nail.com rail.com sail.com small.com
snail.com tail.com trail.com email.com mail.com ymail.com gmx.net gmx.at web.de t-online.de yahoo.co.in hotmail.se
outlook.de hey.com pm.me me.com mac.com att.net cox.net naver.com daum.net 163.com qq.com 126.com sina.com yeah.net
seznam.cz wp.pl onet.pl o2.pl interia.pl bluewin.ch hispeed.ch telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl
xs4all.nl home.nl chello.at aon.at a1.net virgin.net sky.com tiscali.it alice.it tin.it libero.it virgilio.it
laposte.net sfr.fr neuf.fr bbox.fr terra.es telefonica.net sapo.pt iol.pt
"""


def test_domains_of_companies_and_providers_are_left_alone() -> None:
    assert [domain for domain in REAL.split() if offered(domain)] == []
