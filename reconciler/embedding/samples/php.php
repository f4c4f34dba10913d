<?php
// Signed links to an embedded interview. Make them on a server: anyone with the key can sign for any visitor.
// The key is read from the variable EMBED_SIGNING_KEY: jmctl secrets exec NAME -- COMMAND sets it.
// Names and email addresses are texts in UTF-8.

declare(strict_types=1);

const EMBED_LINK = "@LINK@";
const EMBED_ID = "@EMBED_ID@";

// The link that opens the interview for the visitor with this name and email address.
function embed_link(string $name, string $email): string
{
    $key = getenv('EMBED_SIGNING_KEY');
    if ($key === false || $key === '') {
        throw new RuntimeException('EMBED_SIGNING_KEY is not set');
    }
    $signature = hash_hmac('sha256', EMBED_ID . $name . $email, $key);
    return EMBED_LINK
        . '&name=' . rawurlencode(base64_encode($name))
        . '&email=' . rawurlencode(base64_encode($email))
        . '&signature=' . $signature;
}

// HTML that shows the interview.
function embed_iframe(string $name, string $email): string
{
    $link = htmlspecialchars(embed_link($name, $email), ENT_QUOTES, 'UTF-8');
    return '<iframe src="' . $link . '" title="Interview"'
        . ' allow="camera; microphone; autoplay; display-capture; fullscreen"></iframe>';
}
