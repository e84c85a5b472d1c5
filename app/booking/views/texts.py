"""The words of estimates, consents and notices, in English and Spanish: our own, plain, addressed to the patient."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.booking.facts.papers import Language


@dataclass(frozen=True, slots=True)
class ConsentText:
    """All words of an estimate with its consent. `choice` are the sentences that the patient agrees to."""

    title: str
    patient: str
    visit_day: str
    prepared: str
    valid: str
    service: str
    price: str
    total: str
    estimate_head: str
    estimate: tuple[str, ...]
    why_head: str
    why: tuple[str, ...]
    rights_head: str
    rights: tuple[str, ...]
    agree_head: str
    agree: tuple[str, ...]
    signature: str
    name: str
    relation: str
    date: str
    scope: str


CONSENT: Mapping[Language, ConsentText] = {
    Language.ENGLISH: ConsentText(
        title="Estimate and consent to pay",
        patient="Patient",
        visit_day="Day of the visit",
        prepared="Prepared on",
        valid="Prices hold until",
        service="Service",
        price="Price",
        total="Total",
        estimate_head="What this estimate says",
        estimate=(
            "This is what we expect to charge you for the services listed above, in good faith, by what we know today.",
            "It covers only these services from our practice. A laboratory, a pharmacy or another office may bill you "
            "separately for its own work.",
            "If something changes during your visit, we will tell you the new price and ask you before we go on.",
        ),
        why_head="Why we ask you to pay",
        why=(
            "These services change how the skin looks. As planned, they do not treat a disease or a symptom that is "
            "written in your record.",
            "Health insurance usually does not pay for services of this kind. We do not plan to send a claim for them "
            "to "
            "your insurance.",
            "If you have pain, itching, bleeding, growth or another problem there, tell us now. Your insurance may "
            "then "
            "look at it differently.",
        ),
        rights_head="What you can decide",
        rights=(
            "You do not have to have these services. Saying no does not change any other care that you get from us.",
            "You can change your mind at any time before a service begins, and then you owe nothing for it.",
            "Keep a copy of this paper. If your bill is higher than this estimate, ask us to explain it. Federal law "
            "also "
            "gives people who pay for their own care a way to dispute such a bill: see www.cms.gov/nosurprises.",
        ),
        agree_head="Your consent",
        agree=(
            "I have read this paper, or somebody read it to me, and my questions were answered.",
            "I want the services listed above, and I agree to pay the prices listed above myself.",
        ),
        signature="Signature",
        name="Name in print",
        relation="If signed for the patient: relation to the patient",
        date="Date",
        scope="This paper is about payment only. It does not take the place of the consent to treatment.",
    ),
    Language.SPANISH: ConsentText(
        title="Presupuesto y consentimiento de pago",
        patient="Paciente",
        visit_day="Día de la cita",
        prepared="Preparado el",
        valid="Precios válidos hasta el",
        service="Servicio",
        price="Precio",
        total="Total",
        estimate_head="Qué dice este presupuesto",
        estimate=(
            "Esto es lo que esperamos cobrarle por los servicios indicados arriba, de buena fe, según lo que sabemos "
            "hoy.",
            "Incluye solo estos servicios de nuestro consultorio. Un laboratorio, una farmacia u otro consultorio "
            "puede "
            "cobrarle aparte por su propio trabajo.",
            "Si algo cambia durante su cita, le diremos el precio nuevo y le preguntaremos antes de continuar.",
        ),
        why_head="Por qué le pedimos que pague usted",
        why=(
            "Estos servicios cambian el aspecto de la piel. Tal como están previstos, no tratan una enfermedad ni un "
            "síntoma que conste en su expediente.",
            "El seguro médico generalmente no paga este tipo de servicios. No tenemos previsto enviar el cobro de "
            "estos "
            "servicios a su seguro.",
            "Si tiene dolor, picazón o sangrado, si la lesión crece o si nota otro problema en ese lugar, díganoslo "
            "ahora. "
            "En ese caso, su seguro podría evaluarlo de otra manera.",
        ),
        rights_head="Qué puede decidir usted",
        rights=(
            "Usted no tiene obligación de recibir estos servicios. Si dice que no, eso no cambia ninguna otra atención "
            "que reciba con nosotros.",
            "Puede cambiar de opinión en cualquier momento antes de que comience un servicio. En ese caso, no tendrá "
            "que "
            "pagar nada por él.",
            "Guarde una copia de este documento. Si su factura es más alta que este presupuesto, pídanos que se la "
            "expliquemos. La ley federal también ofrece a las personas que pagan su propia atención una manera de "
            "reclamar por una factura así: visite www.cms.gov/nosurprises.",
        ),
        agree_head="Su consentimiento",
        agree=(
            "He leído este documento, o alguien me lo leyó, y respondieron mis preguntas.",
            "Quiero recibir los servicios indicados arriba y acepto pagar yo mismo(a) los precios indicados arriba.",
        ),
        signature="Firma",
        name="Nombre en letra de molde",
        relation="Si otra persona firma por el paciente: relación con el paciente",
        date="Fecha",
        scope="Este documento trata solo del pago. No sustituye el consentimiento para el tratamiento.",
    ),
}


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The words for the patient on the sheet of a notice, by why Medicare may not pay."""

    title: str
    intro: str
    cosmetic: str
    necessity: str
    closing: str


NOTICE: Mapping[Language, NoticeText] = {
    Language.ENGLISH: NoticeText(
        title="Before your visit: Medicare may not pay",
        intro="We will go through Medicare's own notice with you before the service. This is what it will say.",
        cosmetic="Medicare does not pay for services that are done for appearance.",
        necessity="By what is in your record today, Medicare may decide that this service is not medically necessary.",
        closing="On the notice you choose one of three options yourself. Take the time you need, and ask us anything.",
    ),
    Language.SPANISH: NoticeText(
        title="Antes de su cita: es posible que Medicare no pague",
        intro="Antes del servicio, revisaremos con usted el aviso oficial de Medicare. Esto es lo que dirá.",
        cosmetic="Medicare no paga los servicios que se hacen por motivos estéticos.",
        necessity="Según lo que consta hoy en su expediente, Medicare podría decidir que este servicio no es necesario "
        "desde el punto de vista médico.",
        closing="En el aviso, usted mismo(a) elige una de tres opciones. Tómese el tiempo que necesite y pregúntenos "
        "lo que quiera.",
    ),
}


def amount_words(cents: int | None) -> str:
    """An amount as it is written on paper: $1,250.50."""
    if cents is None:
        return "No price yet"
    return f"${cents // 100:,}.{cents % 100:02}"
