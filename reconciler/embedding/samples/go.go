// Package embed makes signed links to an embedded interview. Make them on a server: anyone with the key can sign for
// any visitor. The key is read from the variable EMBED_SIGNING_KEY: jmctl secrets exec NAME -- COMMAND sets it.
package embed

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"html"
	"net/url"
	"os"
)

const (
	link    = "@LINK@"
	embedID = "@EMBED_ID@"
)

// Link opens the interview for the visitor with this name and email address.
func Link(name, email string) (string, error) {
	key := os.Getenv("EMBED_SIGNING_KEY")
	if key == "" {
		return "", errors.New("EMBED_SIGNING_KEY is not set")
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(embedID + name + email))
	signature := hex.EncodeToString(mac.Sum(nil))
	return link + "&name=" + parameter(name) + "&email=" + parameter(email) + "&signature=" + signature, nil
}

// Iframe is HTML that shows the interview.
func Iframe(name, email string) (string, error) {
	signed, err := Link(name, email)
	if err != nil {
		return "", err
	}
	return `<iframe src="` + html.EscapeString(signed) + `" title="Interview"` +
		` allow="camera; microphone; autoplay; display-capture; fullscreen"></iframe>`, nil
}

func parameter(text string) string {
	return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(text)))
}
