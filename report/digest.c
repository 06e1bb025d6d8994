/* SPDX-License-Identifier: ISC */
#include "report/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

void
digest_text(const char *text, size_t len, uint8_t out[DIGEST_LEN])
{
	if (EVP_Digest(text, len, out, NULL, EVP_sha256(), NULL) != 1)
		memset(out, 0, DIGEST_LEN);
}

void
digest_source(const char *const *lines, char out[DIGEST_SOURCE_MAX])
{
	static const char prefix[] = "sha256-";
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t digest[DIGEST_LEN] = { 0 };

	/* Where the library fails, the digest allows nothing. */
	if (ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1) {
		for (size_t i = 0; lines[i] != NULL; i++)
			EVP_DigestUpdate(ctx, lines[i], strlen(lines[i]));
		EVP_DigestFinal_ex(ctx, digest, NULL);
	}
	EVP_MD_CTX_free(ctx);
	memcpy(out, prefix, sizeof(prefix));
	EVP_EncodeBlock(
	    (uint8_t *)out + sizeof(prefix) - 1, digest, sizeof(digest));
}

void
digest_start(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}
