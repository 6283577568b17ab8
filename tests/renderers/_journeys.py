"""Journeys the picture is tried on: rich, plain, long, in four languages, and hostile."""

# ruff: noqa: E501 - tables of words read better unbroken

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import attrs

from journeykit.model import (
    Emotion,
    Journey,
    Kpi,
    Match,
    Moment,
    Objective,
    Opportunity,
    Outcome,
    Pain,
    Persona,
    Stage,
    Thought,
    Touchpoint,
)
from journeykit.results import Component, Coverage, Interval, Records, Score, Scorecard, Subject, TouchpointCount

IDS = ("ad", "search", "compare", "size", "chat", "basket", "pay", "wait", "unbox", "review")
STAGES = (("discover", 2), ("compare-stage", 3), ("buy", 2), ("receive", 2), ("use", 1))
VALENCES = (0.6, 0.1, 0.9, 1.6, 0.3, -0.9, 0.2, -1.6, 1.3, 1.7)
SPREADS = (0.6, 0.5, 0.7, 0.5, 0.8, 0.7, 0.7, 0.5, 0.5, 0.3)
PAINS = {1: 1, 4: 1, 5: 3, 6: 2, 7: 3, 9: 1}
OPPORTUNITIES = {1: ("high", "low"), 2: ("medium", "medium"), 4: ("high", "low"), 5: ("high", "low"),
                 6: ("medium", "medium"), 7: ("high", "medium"), 9: ("medium", "low")}  # fmt: skip
MOMENTS = {2: "decision", 5: "friction", 7: "friction"}

WORDS = {
    "en": {
        "title": "Buying running shoes online",
        "scenario": "A first order in the web shop, from the old pair wearing out to a month of running in the new one",
        "persona": ("Maya, 34", "Busy parent, runs twice a week", "I want the right pair by Saturday, with no hassle."),
        "stages": (("Discover", "Realise the need"), ("Compare", "Find the right pair"), ("Buy", "Pay quickly and safely"),
                   ("Receive", "Get it by Saturday"), ("Use", "Run and share")),
        "channels": ("Social ad", "Web search", "Web shop", "Mobile app", "Live chat", "Web shop", "Checkout", "E-mail",
                     "Delivery", "Review"),
        "titles": ("Sees a short film by a running club", "Looks for “best shoes for flat feet”",
                   "Compares prices and reads what other customers say", "Tries the size adviser with the camera",
                   "Asks whether sending back is free", "Fills the basket and sees what shipping costs",
                   "Pays by card and gets a confirmation", "Waits and opens the tracking link",
                   "Unpacks and tries the shoes on at home", "Runs for a month, then writes a review"),
        "thoughts": ("Nice, they look light.", "So many lists. Which one can I trust?",
                     "Reviews from other flat-footed runners help a lot.", "Wow, my foot measured in ten seconds!",
                     "A real person answered, but it took a while.", "Why is shipping only shown at the very last step?",
                     "OK, that went through.", "Two days late and nobody told me anything!",
                     "A perfect fit. And the box is free of plastic!", "I told my whole running group."),
        "pains": {1: "The top results are ads, not advice", 4: "Four minutes of waiting at lunch time",
                  5: "Shipping cost appears late: 31 % leave here", 6: "The 3-D Secure window is blocked for 6 %",
                  7: "No alert of the delay; the tracking page is 9 h behind", 9: "The review form asks for 11 fields"},
        "opportunities": {1: "Publish a fitting guide", 2: "Sort reviews by type of foot",
                          4: "Show the return policy next to the price", 5: "Show the total cost on the product page",
                          6: "Offer one-tap wallets", 7: "Send alerts of delays ahead", 9: "Ask for a one-tap rating first"},
        "backstage": ("Campaign team", "SEO, content desk", "Reviews service", "Vision model, CRM", "Service desk",
                      "Pricing, checkout", "Payment provider", "Carrier API, logistics", "Warehouse", "Loyalty, community"),
    },
    "de": {
        "title": "Laufschuhe online kaufen",
        "scenario": "Die erste Bestellung im Onlineshop, vom durchgelaufenen alten Paar bis zu einem Monat im neuen",
        "persona": ("Maja, 34", "Berufstätige Mutter, läuft zweimal die Woche", "Ich will bis Samstag das richtige Paar, ohne Umstände."),
        "stages": (("Entdecken", "Den Bedarf erkennen"), ("Vergleichen", "Das richtige Paar finden"),
                   ("Kaufen", "Schnell und sicher bezahlen"), ("Erhalten", "Bis Samstag geliefert bekommen"),
                   ("Weiterempfehlen", "Laufen und erzählen")),
        "channels": ("Anzeige", "Websuche", "Onlineshop", "Mobile App", "Live-Chat", "Onlineshop", "Bezahlvorgang",
                     "E-Mail", "Lieferung", "Bewertung"),
        "titles": ("Sieht einen kurzen Film einer Laufgruppe", "Sucht „beste Schuhe für Senkfüße“",
                   "Vergleicht Preise und liest Kundenbewertungen", "Nutzt die Größenberatung mit der Kamera",
                   "Fragt, ob die Rücksendung kostenlos ist", "Füllt den Warenkorb und sieht die Versandkosten",
                   "Bezahlt mit Karte und erhält die Auftragsbestätigung", "Wartet und öffnet die Sendungsverfolgung",
                   "Packt aus und probiert die Schuhe zu Hause an", "Läuft einen Monat und schreibt eine Bewertung"),
        "thoughts": ("Schön, die sehen leicht aus.", "So viele Listen. Welcher kann ich trauen?",
                     "Bewertungen anderer mit Senkfüßen helfen sehr.", "Toll, mein Fuß in zehn Sekunden vermessen!",
                     "Ein Mensch hat geantwortet, aber es dauerte.", "Warum sehe ich die Versandkosten erst ganz am Schluss?",
                     "Gut, das hat geklappt.", "Zwei Tage zu spät, und niemand sagt etwas!",
                     "Passt genau. Und der Karton ist plastikfrei!", "Ich habe es der ganzen Laufgruppe erzählt."),
        "pains": {1: "Oben stehen Anzeigen statt Rat", 4: "Mittags vier Minuten Wartezeit",
                  5: "Versandkosten erscheinen spät: 31 % gehen hier", 6: "Das 3-D-Secure-Fenster ist bei 6 % blockiert",
                  7: "Keine Verspätungsbenachrichtigung; Sendungsverfolgung 9 h alt", 9: "Das Bewertungsformular hat 11 Felder"},
        "opportunities": {1: "Einen Passformratgeber veröffentlichen", 2: "Bewertungen nach Fußform sortieren",
                          4: "Rückgabebedingungen neben dem Preis zeigen", 5: "Gesamtkosten auf der Produktseite zeigen",
                          6: "Zahlung mit einem Fingertipp anbieten", 7: "Verspätungen von selbst melden",
                          9: "Zuerst um eine Ein-Klick-Bewertung bitten"},
        "backstage": ("Kampagnenteam", "SEO, Redaktion", "Bewertungsdienst", "Bildmodell, CRM", "Kundendienst",
                      "Preise, Kasse", "Zahlungsdienstleister", "Frachtschnittstelle", "Lager", "Kundenbindungsprogramm"),
    },
    "ja": {
        "title": "ランニングシューズをネットで買う",
        "scenario": "古い靴がすり減ってから新しい靴で一か月走るまで、ウェブ店舗での初めての注文",
        "persona": ("マヤ、34歳", "忙しい親、週に二回走る", "土曜日までにぴったりの一足がほしい。"),
        "stages": (("発見", "必要に気づく"), ("比較", "合う一足を見つける"), ("購入", "早く安全に支払う"),
                   ("受取", "土曜日までに届く"), ("利用", "走って薦める")),
        "channels": ("SNS広告", "ウェブ検索", "ウェブ店舗", "アプリ", "チャット", "ウェブ店舗", "決済", "メール", "配達", "レビュー"),
        "titles": ("ランニングクラブの短い動画を見る", "「扁平足に合う靴」を検索する", "価格を比べ、ほかの購入者のレビューを読む",
                   "カメラでサイズ診断を試す", "返品が無料かどうかを尋ねる", "カートに入れて送料を知る", "カードで支払い、確認を受け取る",
                   "待ちながら追跡リンクを開く", "箱を開けて家で試し履きする", "一か月走ってからレビューを書く"),
        "thoughts": ("軽そうでいい感じ。", "ランキングが多すぎる。どれを信じればいいの?", "同じ扁平足の人のレビューがとても役に立つ。",
                     "十秒で足を測れた。すごい!", "人が答えてくれたけれど、少し待った。", "なぜ送料は最後の画面でしか分からないの?",
                     "よし、完了。", "二日も遅れたのに、誰も連絡してくれない!", "ぴったり。しかも箱にプラスチックがない!", "ランニング仲間みんなに話した。"),
        "pains": {1: "上位は広告ばかりで助言がない", 4: "昼休みは四分待たされる", 5: "送料の表示が遅く、31%がここで離れる",
                  6: "3Dセキュアの画面が6%で表示されない", 7: "遅れの通知がなく、追跡は9時間前の情報", 9: "レビューの入力欄が11もある"},
        "opportunities": {1: "フィッティングの手引きを公開する", 2: "レビューを足の形で並べ替える", 4: "価格の横に返品条件を示す",
                          5: "商品ページで総額を示す", 6: "ワンタップ決済を用意する", 7: "遅れを先に知らせる", 9: "まずワンタップ評価を頼む"},
        "backstage": ("広告担当", "SEO、編集部", "レビュー基盤", "画像認識、CRM", "サポート窓口", "価格、決済", "決済代行",
                      "配送API、物流", "倉庫", "会員、コミュニティ"),
    },
    "ar": {
        "title": "شراء أحذية الجري عبر الإنترنت",
        "scenario": "أول طلب من المتجر، من تلف الحذاء القديم إلى شهر من الجري بالحذاء الجديد",
        "persona": ("مايا، 34", "أم مشغولة، تركض مرتين في الأسبوع", "أريد الحذاء المناسب قبل السبت دون عناء."),
        "stages": (("الاكتشاف", "إدراك الحاجة"), ("المقارنة", "إيجاد الحذاء المناسب"), ("الشراء", "الدفع بسرعة وأمان"),
                   ("الاستلام", "وصول الطلب قبل السبت"), ("الاستخدام", "الركض والتوصية")),
        "channels": ("إعلان", "بحث", "المتجر", "التطبيق", "محادثة", "المتجر", "الدفع", "بريد", "توصيل", "تقييم"),
        "titles": ("تشاهد مقطعًا قصيرًا من نادي الجري", "تبحث عن أفضل حذاء للقدم المسطحة", "تقارن الأسعار وتقرأ تقييمات العملاء",
                   "تستخدم مستشار المقاس بالكاميرا", "تسأل هل الإرجاع مجاني", "تضيف إلى السلة وترى تكلفة الشحن",
                   "تدفع بالبطاقة وتتلقى التأكيد", "تنتظر ثم تفتح رابط التتبع", "تفتح الصندوق وتجرب الحذاء في المنزل",
                   "تركض شهرًا ثم تكتب تقييمًا"),
        "thoughts": ("جميل، يبدو خفيفًا.", "قوائم كثيرة، بمن أثق؟", "تقييمات العدائين الآخرين تساعد كثيرًا.", "رائع، قاس قدمي في عشر ثوان!",
                     "أجاب شخص حقيقي لكن بعد انتظار.", "لماذا تظهر تكلفة الشحن في آخر خطوة فقط؟", "حسنًا، تم الدفع.",
                     "متأخر يومين ولم يخبرني أحد!", "مناسب تمامًا، والصندوق بلا بلاستيك!", "أخبرت كل مجموعتي."),
        "pains": {1: "إعلانات بدل النصائح", 4: "انتظار أربع دقائق وقت الغداء", 5: "تكلفة الشحن تظهر متأخرة: يغادر 31 % هنا",
                  6: "نافذة التحقق محجوبة لدى 6 %", 7: "لا تنبيه عن التأخير", 9: "النموذج يطلب 11 حقلًا"},
        "opportunities": {1: "نشر دليل المقاسات", 2: "فرز التقييمات حسب نوع القدم", 4: "عرض سياسة الإرجاع بجانب السعر",
                          5: "إظهار السعر الكلي في صفحة المنتج", 6: "محافظ بنقرة واحدة", 7: "إرسال تنبيهات استباقية",
                          9: "طلب تقييم بنقرة أولًا"},
        "backstage": ("فريق الحملة", "فريق المحتوى", "خدمة التقييمات", "نموذج الرؤية", "خدمة العملاء", "التسعير", "مزود الدفع",
                      "شركة الشحن", "المستودع", "الولاء"),
    },
}  # fmt: skip


def shoes(language: str = "en") -> Journey:
    """Ten touchpoints with everything the picture can show."""
    words = WORDS[language]
    name, summary, quote = words["persona"]
    touchpoints = [_touchpoint(words, i) for i in range(10)]
    stages, at = [], 0
    for (id, size), (title, goal) in zip(STAGES, words["stages"], strict=True):
        stages.append(Stage(id=id, title=title, goal=goal, touchpoints=tuple(touchpoints[at : at + size])))
        at += size
    return Journey(
        id="running-shoes",
        title=words["title"],
        scenario=words["scenario"],
        language=language,
        version="3",
        reviewed=date(2025, 6, 2),
        outcome=Outcome(success=Match(event="purchase"), within=timedelta(days=30)),
        personas=(Persona(id="maya", name=name, summary=summary, quote=quote),),
        kpis=(Kpi(id="csat", name="CSAT", unit="/ 5"),),
        objectives=(
            Objective(id="happy", statement="x", kpi="csat", baseline=3.9, target=4.3, due=date(2025, 12, 31)),
        ),
        stages=tuple(stages),
    )


def _touchpoint(words: dict, i: int) -> Touchpoint:
    chance = OPPORTUNITIES.get(i)
    return Touchpoint(
        id=IDS[i],
        title=words["titles"][i],
        channels=(words["channels"][i],),
        match=Match(event=IDS[i]),
        thoughts=(Thought(text=words["thoughts"][i]),),
        emotions=(Emotion(valence=VALENCES[i], spread=SPREADS[i], basis="assumed" if i == 8 else "observed"),),
        pains=(Pain(text=words["pains"][i], severity=PAINS[i]),) if i in PAINS else (),
        opportunities=(Opportunity(title=words["opportunities"][i], impact=chance[0], effort=chance[1]),)
        if chance
        else (),
        moment=Moment(kind=MOMENTS[i]) if i in MOMENTS else None,
        backstage=(words["backstage"][i],),
    )


def card(journey: Journey, on_board: tuple[int, ...] | None = None, journeys: int = 1240) -> Scorecard:
    """A plausible scorecard: friction everywhere, one touchpoint with few data, one that cannot be estimated; impact."""
    ids = [t.id for t in journey.touchpoints()]
    boards = on_board or tuple(journeys - (journeys * 4 * i) // (5 * len(ids)) for i in range(len(ids)))
    counts = tuple(
        TouchpointCount(id=id, events=board + 7 * i, journeys=board - 3, on_board=board)
        for i, (id, board) in enumerate(zip(ids, boards, strict=True))
    )
    scores = [score for i, id in enumerate(ids) for score in _scores(id, i)]
    coverage = Coverage(
        events=9211, claimed=8731, unclaimed=480, cases=journeys + 20, journeys=journeys, off_map=20, closed=1087, open=153,
        converted=413, abandoned=211, late=0, first=datetime(2025, 3, 1, tzinfo=UTC), last=datetime(2025, 5, 31, 18, tzinfo=UTC),
        observed_until=datetime(2025, 5, 31, 18, tzinfo=UTC), tie_rule="file and record", ties=3, touchpoints=counts,
    )  # fmt: skip
    return Scorecard(journey=journey.id, coverage=coverage, scores=Records(scores, kind=Score), seed=0)


def _scores(id: str, i: int) -> list[Score]:
    made = []
    for scorer, value, spread in (
        ("friction", 0.18 + 0.06 * (i * 7 % 10), 0.06),
        ("impact", 0.62 - 0.05 * (i * 3 % 10), 0.09),
    ):
        subject = Subject(kind="touchpoint", id=id)
        if scorer == "friction" and i % 10 == 8:
            made.append(Score(subject=subject, scorer=scorer, value=None, unit="index", n=4, status="not-estimable",
                              reason="no-closed-journeys", method="friction@1", explanation="x"))  # fmt: skip
            continue
        low_n = scorer == "impact" and i % 10 == 4
        made.append(
            Score(
                subject=subject,
                scorer=scorer,
                value=value,
                unit="index",
                n=19 if low_n else 1240 - 90 * (i % 10),
                interval=Interval(low=value - spread, high=value + spread, method="bootstrap"),
                status="low-n" if low_n else "ok",
                reason="fewer than 30 journeys" if low_n else None,
                baseline=value,
                components=(Component(name="drop-off", raw=0, scaled=0, weight=1, contribution=0, n=5),),
                method=f"{scorer}@1",
                explanation="x",
            )
        )
    return made


def better(journey: Journey) -> Journey:
    """The shoes as they are to be: two touchpoints new, one dropped, one moved, two changed, one stage renamed."""
    made = attrs.evolve(journey, id="running-shoes-to-be", title=f"{journey.title} (2026)", status="future")
    made = made.replace(
        "basket", emotions=(Emotion(valence=0.6, label="calm"),), pains=(), title="Sees the full price first"
    )
    made = made.replace(
        "wait", emotions=(Emotion(valence=0.4, spread=0.4),), thoughts=(Thought(text="They told me first."),)
    )
    alert = Touchpoint(id="alert", title="Gets a message when the parcel is late", emotions=(Emotion(valence=0.9),))
    made = made.without("chat").with_touchpoint(alert, stage="receive", after="wait")
    review = made["review"]
    made = made.without("review").with_touchpoint(review, stage="receive").replace("use", title="Belong")
    club = Touchpoint(id="club", title="Joins the running club", channels=("Event",), emotions=(Emotion(valence=1.8),))
    return made.with_touchpoint(club, stage="use")


SHOES_BOARD = (1240, 1128, 967, 818, 756, 521, 471, 471, 446, 260)


def several(language: str = "en") -> Journey:
    """The shoes as four personas feel about them: nearly the same."""
    people = tuple(
        Persona(id=f"p{k}", name=name) for k, name in enumerate(("Maya", "Anselm", "Kim", "Priyanka Raghunathan"))
    )
    journey = attrs.evolve(shoes(language), personas=(*shoes(language).personas, *people))
    for i, touchpoint in enumerate(journey.touchpoints()):
        felt = [
            max(-2.0, min(2.0, round(VALENCES[i] + apart, 1))) for apart in (0.0, 0.2, -0.15, -0.5 if i % 2 else 0.1)
        ]
        emotions = [
            Emotion(valence=valence, persona=person.id, spread=0.4, label=(None, "calm")[k % 2])
            for k, (person, valence) in enumerate(zip(people, felt, strict=True))
        ]
        journey = journey.replace(touchpoint.id, emotions=emotions, thoughts=(), pains=())
    return attrs.evolve(journey, personas=people)


def plain() -> Journey:
    """Four touchpoints in three stages, without emotions."""
    return Journey(
        id="library-card",
        title="Getting a library card",
        stages=(
            Stage(id="learn", title="Consideration", touchpoints=(
                Touchpoint(id="poster", title="Reads a poster at the bus stop", channels=("Poster",), match=Match(event="poster")),)),
            Stage(id="join", title="Join", goal="Have a card today", touchpoints=(
                Touchpoint(id="form", title="Fills in the form", channels=("Web", "Branch office"), match=Match(event="form"), actions=("Scans the passport",)),
                Touchpoint(id="desk", title="Shows the passport at the desk", channels=("Branch",), match=Match(event="desk"), owner="Front desk",
                           pains=(Pain(text="Waits in line for ten minutes", severity=2),)))),
            Stage(id="read", title="Read", touchpoints=(Touchpoint(id="borrow", title="Borrows a first book"),)),
        ),
    )  # fmt: skip


def long(count: int = 30) -> Journey:
    """Many touchpoints in one language after the other, some without emotion, some with long texts."""
    base = [t for language in WORDS for t in shoes(language).touchpoints()]
    touchpoints = [attrs.evolve(base[i % 40], id=f"t{i}") for i in range(count)]
    touchpoints = [attrs.evolve(t, emotions=()) if i % 7 == 3 else t for i, t in enumerate(touchpoints)]
    size = max(1, count // 6)
    chunks = [touchpoints[i : i + size] for i in range(0, count, size)]
    stages = tuple(
        Stage(
            id=f"s{i}",
            title=("Onboarding and Implementation", "Use")[i % 2],
            goal="Goal of this stage",
            touchpoints=tuple(chunk),
        )
        for i, chunk in enumerate(chunks)
    )
    return Journey(id="long-map", title=f"A map of {count} touchpoints", stages=stages)
