<?php
// SPDX-License-Identifier: ISC
// mail.php PROTOCOL MODE HOST PORT [HELD]: what a web shop's PHP does: the
// imap extension (c-client) or PHPMailer.
[, $protocol, $mode, $host, $port] = $argv;
$held = $argv[5] ?? '';

function read_mail($protocol, $mode, $host, $port) {
	$flags = ['implicit' => '/ssl', 'starttls' => '/tls',
	    'plain' => '/notls'][$mode];
	$box = imap_open('{' . "$host:$port/$protocol$flags/novalidate-cert" .
	    '}INBOX', 'anna', 'test');
	if (!$box) {
		print_r(imap_errors());
		exit(1);
	}
	imap_close($box);
}

function send_mail($mode, $host, $port, $held) {
	require '/usr/share/php/libphp-phpmailer/autoload.php';
	$m = new PHPMailer\PHPMailer\PHPMailer(true);
	$m->isSMTP();
	$m->Host = $host;
	$m->Port = $port;
	$m->SMTPAuth = true;
	$m->Username = 'anna';
	$m->Password = 'test';
	$m->SMTPSecure = ['implicit' => 'ssl', 'starttls' => 'tls',
	    'plain' => ''][$mode];
	$m->SMTPAutoTLS = $mode != 'plain';
	$tls = ['cafile' => getenv('CA')];
	$methods = ['1.0' => STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT,
	    '1.1' => STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT,
	    '1.2' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT];
	if ($held) {
		$tls['ciphers'] = 'DEFAULT:@SECLEVEL=0';
		$tls['crypto_method'] = $methods[$held];
	}
	$m->SMTPOptions = ['ssl' => $tls];
	$m->setFrom('anna@example.net');
	$m->addAddress('bob@example.net');
	$m->Subject = 'php';
	$m->Body = 'x';
	$m->send();
}

if ($protocol == 'smtp') {
	send_mail($mode, $host, $port, $held);
} else {
	read_mail($protocol, $mode, $host, $port);
}
