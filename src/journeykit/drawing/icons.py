"""Our own line icons on a 24 x 24 grid, and which one stands for a channel.

Each is one path, drawn with a round stroke of 1.7 and no fill. A channel's name is matched by keywords of several
languages; what nothing matches gets a neutral sign, never a guess.
"""

# ruff: noqa: E501 - path data and keyword lists read better unbroken

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["ICONS", "icon_for"]

ICONS: dict[str, str] = {
    # Channels.
    "ad": "M4 10v4h3l6 4V6L7 10H4zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
    "app": "M8 3.5h8a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 19V5A1.5 1.5 0 0 1 8 3.5zM11 17.7h2",
    "bank": "M3.5 9.5L12 4l8.5 5.5zM5.5 9.5v7M10 9.5v7M14 9.5v7M18.5 9.5v7M4.5 16.5h15M3.5 19.5h17",
    "bell": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 20.8h4",
    "book": "M12 6.5C10 5 7 4.5 4 5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V5c-3-.5-6 0-8 1.5zM12 6.5v13",
    "box": "M12 3.5l7.5 4v9l-7.5 4-7.5-4v-9zM4.7 7.6L12 11.5l7.3-3.9M12 11.5v8.8M8.2 5.6l7.4 4",
    "call": "M7.2 4h3l1.4 4-2 1.6a11 11 0 0 0 4.8 4.8l1.6-2 4 1.4v3a2 2 0 0 1-2.2 2A15 15 0 0 1 5.2 6.2 2 2 0 0 1 7.2 4z",
    "car": "M4 16.5v-4l2-5.5h12l2 5.5v4zM4 12.5h16M6 16.5v2.7M18 16.5v2.7M7.5 14.5H9M15 14.5h1.5",
    "card": "M5 6h14a1.2 1.2 0 0 1 1.2 1.2v9.6A1.2 1.2 0 0 1 19 18H5a1.2 1.2 0 0 1-1.2-1.2V7.2A1.2 1.2 0 0 1 5 6zM4 10h16M7 14.5h3.5",
    "cart": "M3.5 4.5h2.2l2.2 10.2h9.3l2-7.2H6.5M9.3 18.2a1.1 1.1 0 1 1 0 2.2a1.1 1.1 0 0 1 0-2.2zM16 18.2a1.1 1.1 0 1 1 0 2.2a1.1 1.1 0 0 1 0-2.2z",
    "chat": "M4 5.5h16v10h-8.5l-4 4v-4H4zM8 9h8M8 12h5",
    "clinic": "M9.5 4.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z",
    "document": "M7 3.5h7l4 4v13H7zM14 3.5v4h4M10 12h5M10 15.5h5",
    "event": "M5 6h14v13.5H5zM5 10h14M8.5 3.5V7.5M15.5 3.5V7.5M9 14h2.5",
    "gift": "M4.5 10.5h15v9.5h-15zM3.5 7.5h17v3h-17zM12 7.5V20M12 7.5C10.5 4 7 3.7 7 5.9c0 1.2 2 1.6 5 1.6zM12 7.5c1.5-3.5 5-3.8 5-1.6 0 1.2-2 1.6-5 1.6z",
    "home": "M4 11.5l8-7 8 7M6.5 9.5v10h11v-10M10.2 19.5v-5.5h3.6v5.5",
    "link": "M10.5 13.5a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-1 1M13.5 10.5a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l1-1",
    "lock": "M6.5 11h11v8.5h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14v2.5",
    "mail": "M4 6h16v12H4zM4.5 6.7l7.5 6 7.5-6",
    "person": "M12 11.5a3.7 3.7 0 1 0 0-7.4a3.7 3.7 0 0 0 0 7.4zM5 20c0-3.8 2.8-6 7-6s7 2.2 7 6",
    "plane": "M12 3.5c1 0 1.5 1.2 1.5 2.5v4l7 4v2l-7-2v4l2 1.5V21l-3.5-1-3.5 1v-1.5l2-1.5v-4l-7 2v-2l7-4V6c0-1.3.5-2.5 1.5-2.5z",
    "poster": "M5 4h14v11H5zM12 15v5.5M8.5 20.5h7M8 8h8M8 11h5",
    "search": "M10.5 4.5a6 6 0 1 1 0 12a6 6 0 0 1 0-12zM15 15l5 5",
    "share": "M17.5 3.8a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6zM6.5 9.7a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6zM17.5 15.6a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6zM8.5 10.9l7-3.7M8.5 13.1l7 3.7",
    "star": "M12 4l2.5 5.2 5.7.7-4.2 3.9 1.1 5.7L12 16.7l-5.1 2.8 1.1-5.7L3.8 9.9l5.7-.7z",
    "store": "M4 9.5l1.5-5h13l1.5 5M5.5 12v7.5h13V12M4 9.5a2.7 2.7 0 0 0 5.3 0a2.7 2.7 0 0 0 5.4 0a2.7 2.7 0 0 0 5.3 0zM10 19.5v-4.5h4v4.5",
    "support": "M5 14v-2a7 7 0 0 1 14 0v2M5 13h2.5v5H6a1.5 1.5 0 0 1-1.5-1.5V13.5zM19 13h-2.5v5H18a1.5 1.5 0 0 0 1.5-1.5V13.5zM18 18c0 1.7-1.8 2.5-4.5 2.5",
    "talk": "M8 9.5a2.6 2.6 0 1 0 0-5.2a2.6 2.6 0 0 0 0 5.2zM16 9.5a2.6 2.6 0 1 0 0-5.2a2.6 2.6 0 0 0 0 5.2zM3 19.5c0-3.8 1.8-6.5 5-6.5 1.8 0 3.2.9 4 2.3.8-1.4 2.2-2.3 4-2.3 3.2 0 5 2.7 5 6.5",
    "train": "M7.5 4h9a2 2 0 0 1 2 2v8.5a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM5.5 11.5h13M8 14h.5M15.5 14h.5M8.5 16.5L6 20.5M15.5 16.5l2.5 4",
    "truck": "M3.5 6.5h10v9.5h-10zM13.5 10h4l3 3v3h-7zM7.5 15a2 2 0 1 1 0 4a2 2 0 0 1 0-4zM17 15a2 2 0 1 1 0 4a2 2 0 0 1 0-4z",
    "tv": "M4 7h16v10.5H4zM8 20.5h8M9 3.5l3 3.5 3-3.5",
    "video": "M3.5 7h11v10h-11zM14.5 11l6-3.5v9l-6-3.5",
    "voice": "M12 4a2.7 2.7 0 0 1 2.7 2.7v4.6a2.7 2.7 0 0 1-5.4 0V6.7A2.7 2.7 0 0 1 12 4zM6.5 11a5.5 5.5 0 0 0 11 0M12 16.5V20M9 20h6",
    "web": "M4 5.5h16v10H4zM9 19.5h6M12 15.5v4",
    "neutral": "M12 4.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 0 1 0-15zM12 10.5a1.5 1.5 0 1 1 0 3a1.5 1.5 0 0 1 0-3z",
    # Lanes.
    "lane-touchpoints": "M5 5h6v6H5zM13 13h6v6h-6zM11 8h5v5",
    "lane-emotion": "M12 19.5S4 14.8 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3c0 5.5-8 10.2-8 10.2z",
    "lane-pains": "M12 4.5l8.5 15h-17zM12 10v4.5M12 16.8v.7",
    "lane-opportunities": "M9.5 17.5h5M10 20h4M12 3.5a5.8 5.8 0 0 0-3.4 10.5c.6.5.9 1.2.9 2v1.5h5V16c0-.8.3-1.5.9-2A5.8 5.8 0 0 0 12 3.5z",
    "lane-board": "M9 11.5a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7zM3 19.5c0-3.5 2.5-5.5 6-5.5s6 2 6 5.5M15.5 5a3.2 3.2 0 0 1 0 6.3M17.5 14.3c2.2.6 3.5 2.4 3.5 5.2",
    "lane-scores": "M4.5 19.5h15M7 16.5v-5M12 16.5v-11M17 16.5v-8",
    "change-added": "M12 5v14M5 12h14",
    "change-removed": "M6 6l12 12M18 6L6 18",
    "change-changed": "M12 4.5l8 14.5H4z",
    "change-moved": "M4 8.5h15M15 4.5l4 4-4 4M20 15.5H5M9 11.5l-4 4 4 4",
    "lane-backstage": "M12 8.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7zM12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9L18 18M18 6l-2.1 2.1M8.1 15.9L6 18",
}  # fmt: skip
"""Path data by name."""

# The first row with a word in the channel's name wins, so the particular stands before the general. ASCII keywords are
# whole words (a trailing * is a prefix, a leading * the end of a compound); others are found anywhere, because their scripts
# may write no spaces.
_KEYWORDS: tuple[tuple[str, str], ...] = (
    ("mail", "email e-mail mail mailing newsletter correo courriel メール 邮件 郵件 بريد *mail mails courriels boletín infolettre ニュースレター البريد"),
    ("bell", "push push-nachricht notification notifications alert alerts benachrichtigung* notificación alerta notifications-push プッシュ 通知 推送 إشعار تنبيه"),
    ("voice", "voice alexa siri voicebot sprachassistent vocal 音声 语音 صوت"),
    ("video", "video videos vimeo webcam videocall videoberatung vidéo vídeo 動画 ビデオ 视频 فيديو"),
    ("tv", "tv television radio fernsehen kino cinema télévision televisión テレビ 电视 تلفزيون"),
    ("app", "app apps mobile smartphone handy ios android アプリ 应用 تطبيق applis appli aplicación móvil téléphone-mobile スマホ 手机 الجوال الهاتف-المحمول"),
    ("bank", "bank banking atm geldautomat geldinstitut banque banco cajero 銀行 ATM 银行 بنك مصرف"),
    ("lock", "login account portal-login konto anmeldung sign-in signin registration registrierung compte cuenta アカウント ログイン 账户 حساب *konto *login mein-konto mon-compte mi-cuenta 会員登録 注册 تسجيل"),
    ("gift", "gift loyalty voucher coupon reward rewards bonus* gutschein* treue* fidélité cadeau regalo fidelización ポイント 会員 特典 礼品 هدية ولاء"),
    ("plane", "flight airport airline plane flug* vol vuelo aeropuerto 空港 飛行機 机场 مطار"),
    ("car", "car driver dealer dealership vehicle taxi auto autohaus voiture coche 車 汽车 سيارة"),
    ("train", "train railway rail bus tram metro subway bahn zug öpnv bahnhof gare estación tren autobús 電車 列車 駅 火车 地铁 قطار حافلة"),
    ("clinic", "clinic doctor hospital pharmacy nurse praxis *praxis arzt* ärzt* klinik* krankenhaus apotheke* pflege* médecin hôpital clinique pharmacie médico médica clínica farmacia consultorio 病院 診療所 診察 クリニック 薬局 医院 医生 药店 عيادة مستشفى طبيب صيدلية"),
    ("link", "referral referrals referrer backlink link qr qr-code qr-codes verweis* empfehlungslink lien enlace 参照元 链接 رابط إحالة"),
    ("search", "search seo sem google bing organic suche* websuche recherche busqueda búsqueda buscador 検索 搜索 بحث *suche recherche-web 検索エンジン محرك"),
    ("chat", "chat chatbot bot messenger whatsapp sms line telegram wechat message messag* チャット 聊天 دردشة محادثة chats sofortnachricht* messagerie mensaje mensajería whats-app チャットボット 消息 رسائل"),
    ("card", "checkout payment pay payments card kasse bezahl* zahlung* paiement pago caja cashier billing invoice 決済 支付 支払 الدفع دفع *kasse rechnung* facture factura 請求 收银 فاتورة"),
    ("cart", "cart basket warenkorb panier carrito カート バスケット 购物车 سلة"),
    ("truck", "courier carrier shipping shipment logistics versand spedition 配送 شحن *versand expédition transport envío transporte 物流 出荷 الشحن"),
    ("box", "delivery parcel package post postal box unboxing liefer* lieferung paket livraison colis entrega paquete 配達 宅配 快递 توصيل *lieferung *paket reparto 荷物 包裹 طرد"),
    ("star", "review reviews rating ratings bewertung* avis reseña* opiniones レビュー 評価 评价 تقييم *bewertung commentaire reseñas clasificación クチコミ 口コミ 点评 مراجعة"),
    ("support", "support service helpdesk hotline care kundendienst kundenservice servicio サポート 客服 دعم *service assistance soporte ayuda hilfe help ヘルプ 帮助 خدمة"),
    ("call", "phone call calls telephone telefon* anruf téléphone teléfono callcenter ivr 電話 电话 هاتف *telefon *anruf rückruf hotline-nummer appel llamada コールセンター 来电 مكالمة"),
    ("store", "store stores branch outlet pos filiale laden geschäft boutique magasin tienda 店舗 门店 فرع *filiale *laden kiosk kiosque supermarkt supermarket supermarché supermercado mall showroom apple-store 店 店頭 商店 فروع"),
    ("share", "social facebook instagram tiktok twitter x linkedin youtube community forum influencer soziale ソーシャル 社交 gruppe* réseaux réseau redes redes-sociales コミュニティ 社区 社媒 شبكات تواصل"),
    ("ad", "ad ads advert* advertising campaign display banner cpc ppc affiliate paid anzeige werbung publicité publicidad anuncio 広告 广告 إعلان"),
    ("event", "event events appointment booking termin webinar fair messe 予約 イベント *termin seminar workshop conference concert ticket messe* veranstaltung* événement salon evento cita feria 会議 展示会 活动 预约 موعد فعالية حجز"),
    ("talk", "talk conversation meeting in-person face-to-face interview consultation gespräch* *gespräch treffen vor-ort persönlich entretien rendez-vous rencontre conversación reunión entrevista presencial 面談 対面 会話 会议 面谈 مقابلة لقاء اجتماع"),
    ("person", "person personal sales agent advisor adviser consultant field friend friends family employee staff reception desk counter front-desk berater* *beratung beratung freund* mitarbeiter* empfang schalter vertreter* conseiller* vendeur* ami accueil guichet asesor* amigo recepción mostrador vendedor* 担当 営業 窓口 受付 店員 友人 员工 柜台 朋友 موظف مستشار صديق استقبال"),
    ("poster", "poster billboard flyer print outdoor ooh plakat* affiche cartel ポスター チラシ 海报 ملصق zeitung* zeitschrift* radio-spot journal presse periódico prensa 新聞 雑誌 报纸 صحيفة مجلة"),
    ("book", "book catalogue catalog magazine library faq manual katalog handbuch bibliothek livre libro カタログ 本 目录 كتاب دليل"),
    ("document", "document docs contract form letter brochure vertrag formular brief 書類 *brief *formular courrier lettre carta formulario contrat contrato antrag* bescheid* 手紙 申込 契約 表格 合同 نموذج عقد رسالة"),
    ("home", "home household zuhause zu-hause maison domicile casa hogar 自宅 家庭 منزل بيت"),
    ("web", "web website webseite onlineshop site shop webshop online internet browser portal desktop page landing tienda-online ウェブ サイト 网站 متجر المتجر *portal intranet homepage startseite direct (direct) webapp site-web boutique-en-ligne sitio página página-web オンライン 网页 网店 موقع الموقع الويب"),
)  # fmt: skip
# "Social ad" is an advertisement and "web shop" the web; words are tried row by row, so these pairs come first.
_PHRASES: tuple[tuple[str, str], ...] = (
    ("ad", "social ad"),
    ("ad", "social ads"),
    ("web", "online shop"),
    ("web", "web store"),
    ("web", "boutique en ligne"),
    ("web", "tienda en línea"),
    ("web", "page d'accueil"),
    ("web", "page d’accueil"),
    ("store", "kiosk"),
    ("person", "friend referral"),
    ("ad", "sns広告"),
    ("web", "ウェブ店舗"),
)


@lru_cache(maxsize=1024)
def icon_for(channel: str) -> str:
    """The name of the icon for a channel; ``neutral`` when no keyword is in its name."""
    name = channel.casefold()[:200]
    for icon, phrase in _PHRASES:
        if phrase in name:
            return icon
    words = set(re.findall(r"[^\W_]+(?:-[^\W_]+)*", name))
    words |= {part for word in words for part in word.split("-")}
    for icon, keywords in _KEYWORDS:
        for keyword in keywords.split():
            if keyword.endswith("*"):
                if any(word.startswith(keyword[:-1]) for word in words):
                    return icon
            elif keyword.startswith("*"):
                if any(word.endswith(keyword[1:]) for word in words):
                    return icon
            elif keyword in words or (not keyword.isascii() and ord(keyword[0]) > 0x5FF and keyword in name):
                return icon
    return "neutral"
