#include "CICU.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { BUFFER = 96 };

struct CICUTransliterator {
    UTransliterator *icu;
};

static int32_t to_utf16(uint32_t scalar, UChar *out) {
    int32_t length = 0;
    U16_APPEND_UNSAFE(out, length, (UChar32)scalar);
    return length;
}

static int32_t to_utf32(const UChar *text, int32_t length, uint32_t *out, int32_t capacity) {
    int32_t count = 0;
    for (int32_t at = 0; at < length && count < capacity;) {
        UChar32 scalar;
        U16_NEXT_UNSAFE(text, at, scalar);
        out[count++] = (uint32_t)scalar;
    }
    return count;
}

CICUTransliterator *cicu_transliterator_open(const char *identifier) {
    UChar name[BUFFER];
    UErrorCode error = U_ZERO_ERROR;
    u_uastrncpy(name, identifier, BUFFER - 1);
    name[BUFFER - 1] = 0;
    UTransliterator *icu = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &error);
    if (U_FAILURE(error)) return NULL;
    CICUTransliterator *transliterator = malloc(sizeof *transliterator);
    if (transliterator == NULL) {
        utrans_close(icu);
        return NULL;
    }
    transliterator->icu = icu;
    return transliterator;
}

void cicu_transliterator_close(CICUTransliterator *transliterator) {
    if (transliterator == NULL) return;
    utrans_close(transliterator->icu);
    free(transliterator);
}

int32_t cicu_transliterate(CICUTransliterator *transliterator, uint32_t scalar, uint32_t *out, int32_t capacity) {
    UChar text[BUFFER];
    int32_t length = to_utf16(scalar, text);
    int32_t limit = length;
    UErrorCode error = U_ZERO_ERROR;
    utrans_transUChars(transliterator->icu, text, &length, BUFFER, 0, &limit, &error);
    return U_FAILURE(error) ? -(int32_t)error : to_utf32(text, length, out, capacity);
}

static int32_t normalise(const UNormalizer2 *form, uint32_t scalar, uint32_t *out, int32_t capacity) {
    UChar text[2];
    UChar result[BUFFER];
    int32_t length = to_utf16(scalar, text);
    UErrorCode error = U_ZERO_ERROR;
    int32_t count = unorm2_normalize(form, text, length, result, BUFFER, &error);
    return U_FAILURE(error) ? -(int32_t)error : to_utf32(result, count, out, capacity);
}

int32_t cicu_nfkc_casefold(uint32_t scalar, uint32_t *out, int32_t capacity) {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&error);
    return U_FAILURE(error) ? -(int32_t)error : normalise(form, scalar, out, capacity);
}

int32_t cicu_nfd(uint32_t scalar, uint32_t *out, int32_t capacity) {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFDInstance(&error);
    return U_FAILURE(error) ? -(int32_t)error : normalise(form, scalar, out, capacity);
}

uint32_t cicu_compose(uint32_t first, uint32_t second) {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFCInstance(&error);
    if (U_FAILURE(error)) return 0;
    UChar32 composite = unorm2_composePair(form, (UChar32)first, (UChar32)second);
    return composite < 0 ? 0 : (uint32_t)composite;
}

int32_t cicu_confusable_skeleton(uint32_t scalar, uint32_t *out, int32_t capacity) {
    static USpoofChecker *checker = NULL;
    UErrorCode error = U_ZERO_ERROR;
    // Only the single-threaded table build asks; the checker lives as long as the process.
    if (checker == NULL) checker = uspoof_open(&error);
    if (U_FAILURE(error)) return -(int32_t)error;
    UChar text[2];
    UChar result[BUFFER];
    int32_t length = to_utf16(scalar, text);
    int32_t count = uspoof_getSkeleton(checker, 0, text, length, result, BUFFER, &error);
    return U_FAILURE(error) ? -(int32_t)error : to_utf32(result, count, out, capacity);
}

bool cicu_is_defined(uint32_t scalar) { return u_isdefined((UChar32)scalar); }
bool cicu_is_ignorable(uint32_t scalar) {
    return u_hasBinaryProperty((UChar32)scalar, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}
bool cicu_is_pictographic(uint32_t scalar) {
    return u_hasBinaryProperty((UChar32)scalar, UCHAR_EXTENDED_PICTOGRAPHIC)
        || u_hasBinaryProperty((UChar32)scalar, UCHAR_REGIONAL_INDICATOR)
        || u_hasBinaryProperty((UChar32)scalar, UCHAR_EMOJI_MODIFIER);
}
bool cicu_is_uppercase(uint32_t scalar) { return u_hasBinaryProperty((UChar32)scalar, UCHAR_UPPERCASE); }
bool cicu_is_sentence_end(uint32_t scalar) { return u_hasBinaryProperty((UChar32)scalar, UCHAR_S_TERM); }
bool cicu_is_white_space(uint32_t scalar) { return u_hasBinaryProperty((UChar32)scalar, UCHAR_WHITE_SPACE); }
int32_t cicu_general_category(uint32_t scalar) { return u_charType((UChar32)scalar); }
int32_t cicu_decomposition_type(uint32_t scalar) {
    return u_getIntPropertyValue((UChar32)scalar, UCHAR_DECOMPOSITION_TYPE);
}

uint32_t cicu_script(uint32_t scalar) {
    UErrorCode error = U_ZERO_ERROR;
    const char *name = uscript_getShortName(uscript_getScript((UChar32)scalar, &error));
    if (U_FAILURE(error) || name == NULL) return 0;
    return (uint32_t)name[0] << 24 | (uint32_t)name[1] << 16 | (uint32_t)name[2] << 8 | (uint32_t)name[3];
}

int32_t cicu_numeric_value(uint32_t scalar) {
    double value = u_getNumericValue((UChar32)scalar);
    if (value < 0 || value > 1000 || value != (double)(int32_t)value) return -1;
    return (int32_t)value;
}

int32_t cicu_name(uint32_t scalar, char *out, int32_t capacity) {
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = u_charName((UChar32)scalar, U_UNICODE_CHAR_NAME, out, capacity, &error);
    return U_FAILURE(error) ? -(int32_t)error : length;
}

int32_t cicu_domain_to_ascii(const char *name, int32_t length, char *out, int32_t capacity) {
    UErrorCode error = U_ZERO_ERROR;
    UIDNA *idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII, &error);
    if (U_FAILURE(error)) return -1;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    int32_t count = uidna_nameToASCII_UTF8(idna, name, length, out, capacity, &info, &error);
    uidna_close(idna);
    return U_FAILURE(error) || info.errors != 0 || count > capacity ? -1 : count;
}
