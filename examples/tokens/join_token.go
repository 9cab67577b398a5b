package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"
)

// Claims say who joins which room.
type Claims struct {
	Room      string `json:"room"`
	Name      string `json:"name"`
	Subject   string `json:"sub"`
	Moderator bool   `json:"moderator"`
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
}

// JoinToken lets one person into one room for an hour.
func JoinToken(keyID, secret, room, name, subject string, moderator bool) (string, error) {
	header, err := json.Marshal(map[string]string{"alg": "HS256", "typ": "JWT", "kid": keyID})
	if err != nil {
		return "", err
	}
	now := time.Now().Unix()
	claims, err := json.Marshal(Claims{room, name, subject, moderator, now, now + 3600})
	if err != nil {
		return "", err
	}
	base64url := base64.RawURLEncoding.EncodeToString
	signed := base64url(header) + "." + base64url(claims)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return signed + "." + base64url(mac.Sum(nil)), nil
}

func main() {
	if len(os.Args) < 4 {
		log.Fatal("usage: join_token ROOM NAME SUBJECT [moderator]")
	}
	isModerator := len(os.Args) > 4 && os.Args[4] == "moderator"
	keyID, secret := os.Getenv("JUMPA_KEY_ID"), os.Getenv("JUMPA_KEY_SECRET")
	token, err := JoinToken(keyID, secret, os.Args[1], os.Args[2], os.Args[3], isModerator)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token)
}
