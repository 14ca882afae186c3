/*-------------------------------------------------------------------------
 *
 * pattern_property.c
 *	  The properties of characters that \p{...} names in ECMA-262.
 *
 * PCRE2 compares names loosely and takes some that ECMA-262 does not have;
 * so the names are listed here, and compared exactly.  One that PCRE2 lacks,
 * such as that of a newer script, it refuses.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/pattern_parse.h"

/* Values of General_Category (table 68); PCRE2 knows the short names only. */
static const struct
{
	const char *long_name;
	const char *short_name;
	const char *other_name;
}			categories[] =
{
	{"Cased_Letter", "LC", NULL}, {"Close_Punctuation", "Pe", NULL},
	{"Connector_Punctuation", "Pc", NULL}, {"Control", "Cc", "cntrl"},
	{"Currency_Symbol", "Sc", NULL}, {"Dash_Punctuation", "Pd", NULL},
	{"Decimal_Number", "Nd", "digit"}, {"Enclosing_Mark", "Me", NULL},
	{"Final_Punctuation", "Pf", NULL}, {"Format", "Cf", NULL},
	{"Initial_Punctuation", "Pi", NULL}, {"Letter", "L", NULL},
	{"Letter_Number", "Nl", NULL}, {"Line_Separator", "Zl", NULL},
	{"Lowercase_Letter", "Ll", NULL}, {"Mark", "M", "Combining_Mark"},
	{"Math_Symbol", "Sm", NULL}, {"Modifier_Letter", "Lm", NULL},
	{"Modifier_Symbol", "Sk", NULL}, {"Nonspacing_Mark", "Mn", NULL},
	{"Number", "N", NULL}, {"Open_Punctuation", "Ps", NULL},
	{"Other", "C", NULL}, {"Other_Letter", "Lo", NULL},
	{"Other_Number", "No", NULL}, {"Other_Punctuation", "Po", NULL},
	{"Other_Symbol", "So", NULL}, {"Paragraph_Separator", "Zp", NULL},
	{"Private_Use", "Co", NULL}, {"Punctuation", "P", "punct"},
	{"Separator", "Z", NULL}, {"Space_Separator", "Zs", NULL},
	{"Spacing_Mark", "Mc", NULL}, {"Surrogate", "Cs", NULL},
	{"Symbol", "S", NULL}, {"Titlecase_Letter", "Lt", NULL},
	{"Unassigned", "Cn", NULL}, {"Uppercase_Letter", "Lu", NULL},
};

/* Values of Script and Script_Extensions, each followed by a space. */
static const char scripts[] =
	"Adlam Adlm Ahom Anatolian_Hieroglyphs Hluw Arabic Arab Armenian Armn Avestan Avst Balinese "
	"Bali Bamum Bamu Bassa_Vah Bass Batak Batk Bengali Beng Bhaiksuki Bhks Bopomofo Bopo Brahmi "
	"Brah Braille Brai Buginese Bugi Buhid Buhd Canadian_Aboriginal Cans Carian Cari "
	"Caucasian_Albanian Aghb Chakma Cakm Cham Cherokee Cher Chorasmian Chrs Common Zyyy Coptic "
	"Copt Qaac Cuneiform Xsux Cypriot Cprt Cypro_Minoan Cpmn Cyrillic Cyrl Deseret Dsrt "
	"Devanagari Deva Dives_Akuru Diak Dogra Dogr Duployan Dupl Egyptian_Hieroglyphs Egyp Elbasan "
	"Elba Elymaic Elym Ethiopic Ethi Georgian Geor Glagolitic Glag Gothic Goth Grantha Gran Greek "
	"Grek Gujarati Gujr Gunjala_Gondi Gong Gurmukhi Guru Han Hani Hangul Hang Hanifi_Rohingya "
	"Rohg Hanunoo Hano Hatran Hatr Hebrew Hebr Hiragana Hira Imperial_Aramaic Armi Inherited Zinh "
	"Qaai Inscriptional_Pahlavi Phli Inscriptional_Parthian Prti Javanese Java Kaithi Kthi "
	"Kannada Knda Katakana Kana Kawi Kayah_Li Kali Kharoshthi Khar Khitan_Small_Script Kits Khmer "
	"Khmr Khojki Khoj Khudawadi Sind Lao Laoo Latin Latn Lepcha Lepc Limbu Limb Linear_A Lina "
	"Linear_B Linb Lisu Lycian Lyci Lydian Lydi Mahajani Mahj Makasar Maka Malayalam Mlym Mandaic "
	"Mand Manichaean Mani Marchen Marc Masaram_Gondi Gonm Medefaidrin Medf Meetei_Mayek Mtei "
	"Mende_Kikakui Mend Meroitic_Cursive Merc Meroitic_Hieroglyphs Mero Miao Plrd Modi Mongolian "
	"Mong Mro Mroo Multani Mult Myanmar Mymr Nabataean Nbat Nag_Mundari Nagm Nandinagari Nand "
	"New_Tai_Lue Talu Newa Nko Nkoo Nushu Nshu Nyiakeng_Puachue_Hmong Hmnp Ogham Ogam Ol_Chiki "
	"Olck Old_Hungarian Hung Old_Italic Ital Old_North_Arabian Narb Old_Permic Perm Old_Persian "
	"Xpeo Old_Sogdian Sogo Old_South_Arabian Sarb Old_Turkic Orkh Old_Uyghur Ougr Oriya Orya "
	"Osage Osge Osmanya Osma Pahawh_Hmong Hmng Palmyrene Palm Pau_Cin_Hau Pauc Phags_Pa Phag "
	"Phoenician Phnx Psalter_Pahlavi Phlp Rejang Rjng Runic Runr Samaritan Samr Saurashtra Saur "
	"Sharada Shrd Shavian Shaw Siddham Sidd SignWriting Sgnw Sinhala Sinh Sogdian Sogd "
	"Sora_Sompeng Sora Soyombo Soyo Sundanese Sund Syloti_Nagri Sylo Syriac Syrc Tagalog Tglg "
	"Tagbanwa Tagb Tai_Le Tale Tai_Tham Lana Tai_Viet Tavt Takri Takr Tamil Taml Tangsa Tnsa "
	"Tangut Tang Telugu Telu Thaana Thaa Thai Tibetan Tibt Tifinagh Tfng Tirhuta Tirh Toto "
	"Ugaritic Ugar Unknown Zzzz Vai Vaii Vithkuqi Vith Wancho Wcho Warang_Citi Wara Yezidi Yezi "
	"Yi Yiii Zanabazar_Square Zanb ";

/* Binary properties (table 67) but Any and Assigned, each followed by a space. */
static const char binary_properties[] =
	"ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Bidi_Control Bidi_C Bidi_Mirrored Bidi_M "
	"Case_Ignorable CI Cased Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM "
	"Changes_When_Lowercased CWL Changes_When_NFKC_Casefolded CWKCF Changes_When_Titlecased CWT "
	"Changes_When_Uppercased CWU Dash Default_Ignorable_Code_Point DI Deprecated Dep Diacritic "
	"Dia Emoji Emoji_Component EComp Emoji_Modifier EMod Emoji_Modifier_Base EBase "
	"Emoji_Presentation EPres Extended_Pictographic ExtPict Extender Ext Grapheme_Base Gr_Base "
	"Grapheme_Extend Gr_Ext Hex_Digit Hex IDS_Binary_Operator IDSB IDS_Trinary_Operator IDST "
	"ID_Continue IDC ID_Start IDS Ideographic Ideo Join_Control Join_C Logical_Order_Exception "
	"LOE Lowercase Lower Math Noncharacter_Code_Point NChar Pattern_Syntax Pat_Syn "
	"Pattern_White_Space Pat_WS Quotation_Mark QMark Radical Regional_Indicator RI "
	"Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term Unified_Ideograph UIdeo "
	"Uppercase Upper Variation_Selector VS White_Space space XID_Continue XIDC XID_Start XIDS ";

/* is_listed: whether a name is one of a list's. */
static bool
is_listed(const char *list, const char *name, size_t length)
{
	while (*list != '\0')
	{
		size_t		word = strcspn(list, " ");

		if (word == length && memcmp(list, name, length) == 0)
			return true;
		list += word + 1;
	}
	return false;
}

static bool
is_name(const char *constant, const char *name, size_t length)
{
	return constant != NULL && strlen(constant) == length && memcmp(constant, name, length) == 0;
}

/* append_category appends a general category, if it is one. */
static bool
append_category(Translation *t, char letter, const char *name, size_t length)
{
	int			i;

	for (i = 0; i < (int) lengthof(categories); i++)
	{
		const char *category = categories[i].short_name;

		if (is_name(categories[i].long_name, name, length) || is_name(category, name, length) ||
			is_name(categories[i].other_name, name, length))
		{
			appendStringInfo(t->result, "\\%c{%s}", letter,
							 strcmp(category, "LC") == 0 ? "L&" : category);
			return true;
		}
	}
	return false;
}

/* append_script appends a script after its prefix in PCRE2, if it is one. */
static bool
append_script(Translation *t, char letter, const char *prefix, const char *name, size_t length)
{
	if (!is_listed(scripts, name, length))
		return false;
	appendStringInfo(t->result, "\\%c{%s:%.*s}", letter, prefix, (int) length, name);
	return true;
}

/* append_lone_name appends a property without value: a category or a binary one. */
static bool
append_lone_name(Translation *t, char letter, const char *name, size_t length)
{
	if (is_name("Assigned", name, length))
		appendStringInfo(t->result, "\\%c{Cn}", letter == 'p' ? 'P' : 'p');
	else if (is_name("Any", name, length) || is_listed(binary_properties, name, length))
		appendStringInfo(t->result, "\\%c{%.*s}", letter, (int) length, name);
	else
		return append_category(t, letter, name, length);
	return true;
}

/* translate_property translates {...} after \p or \P. */
bool
translate_property(Translation *t, char letter)
{
	const char *close = memchr(t->next, '}', t->end - t->next);
	const char *name = t->next + 1;
	const char *equals;
	const char *value;
	size_t		length;
	bool		known;

	if (close == NULL || *t->next != '{')
		return refuse_pattern(t, "\\p must be followed by a property in braces");
	t->next = close + 1;

	equals = memchr(name, '=', close - name);
	if (equals == NULL)
		known = append_lone_name(t, letter, name, close - name);
	else
	{
		value = equals + 1;
		length = equals - name;
		if (is_name("Script", name, length) || is_name("sc", name, length))
			known = append_script(t, letter, "sc", value, close - value);
		else if (is_name("Script_Extensions", name, length) || is_name("scx", name, length))
			known = append_script(t, letter, "scx", value, close - value);
		else
			known = (is_name("General_Category", name, length) || is_name("gc", name, length)) &&
				append_category(t, letter, value, close - value);
	}
	return known || refuse_pattern(t, "there is no such property of characters");
}
