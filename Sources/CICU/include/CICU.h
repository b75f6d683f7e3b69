#ifndef LYCEUM_CICU_H
#define LYCEUM_CICU_H

// ICU renames every function by version (u_charType_72), which Swift cannot import. These are the few that Lyceum
// asks while it builds its tables. Code points go in, UTF-32 comes out; a negative result is an ICU error code.

#include <stdbool.h>
#include <stdint.h>

typedef struct CICUTransliterator CICUTransliterator;

/// Opens an ICU transliterator such as "Traditional-Simplified"; NULL if ICU does not know it.
CICUTransliterator *cicu_transliterator_open(const char *identifier);
void cicu_transliterator_close(CICUTransliterator *transliterator);
/// Transliterates one code point; returns how many code points were written to `out`.
int32_t cicu_transliterate(CICUTransliterator *transliterator, uint32_t scalar, uint32_t *out, int32_t capacity);

/// NFKC_Casefold of one code point (UAX #44): default-ignorable code points become nothing.
int32_t cicu_nfkc_casefold(uint32_t scalar, uint32_t *out, int32_t capacity);
/// NFD of one code point.
int32_t cicu_nfd(uint32_t scalar, uint32_t *out, int32_t capacity);
/// Primary composite of a pair, or 0.
uint32_t cicu_compose(uint32_t first, uint32_t second);
/// UTS #39 confusable skeleton of one code point.
int32_t cicu_confusable_skeleton(uint32_t scalar, uint32_t *out, int32_t capacity);

bool cicu_is_defined(uint32_t scalar);
bool cicu_is_ignorable(uint32_t scalar);
bool cicu_is_pictographic(uint32_t scalar);
bool cicu_is_uppercase(uint32_t scalar);
bool cicu_is_sentence_end(uint32_t scalar);
bool cicu_is_white_space(uint32_t scalar);
/// U_GENERAL_CATEGORY as ICU numbers it (utypes UCharCategory).
int32_t cicu_general_category(uint32_t scalar);
/// U_DT_… as ICU numbers it: 0 none, 1 canonical, more for compatibility.
int32_t cicu_decomposition_type(uint32_t scalar);
/// The ISO 15924 code of the script, four ASCII letters, most significant first ('Latn').
uint32_t cicu_script(uint32_t scalar);
/// The numeric value if it is a whole number in 0...1000, else -1.
int32_t cicu_numeric_value(uint32_t scalar);
/// The Unicode name, NUL-terminated; returns its length.
int32_t cicu_name(uint32_t scalar, char *out, int32_t capacity);

/// UTS #46 non-transitional ASCII form of a domain name (UTF-8 in and out); returns its length or -1 if it has none.
int32_t cicu_domain_to_ascii(const char *name, int32_t length, char *out, int32_t capacity);

#endif
