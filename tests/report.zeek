#separator \x09
#set_separator	,
#empty_field	(empty)
#unset_field	-
#path	ssl
#open	2022-05-16-20-10-59
#fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	version	cipher	curve	server_name	resumed	last_alert	next_protocol	established	ssl_history	ja3	ja3s	ja4	mail_protocol	mail_encryption	offer_version	device	program	provider	verdict
#types	time	string	addr	port	addr	port	string	string	string	string	bool	string	string	bool	string	string	string	string	string	string	string	string	string	string	string
1653243059.000000	CCCshiT1PKulkAhh01	192.168.178.40	40000	192.0.2.25	587	TLSv10	TLS_NULL_WITH_NULL_NULL	-	mail.gmx.net	F	-	-	F	-	-	-	-	smtp	starttls	TLSv10	Printer in the office	-	-	old_client
1652724659.000000	C7ohU5BF91Z01Cb8TE1	192.168.178.21	40000	192.0.2.25	995	TLSv10	TLS_NULL_WITH_NULL_NULL	-	securepop.t-online.de	F	-	-	F	-	-	-	-	pop3	implicit	TLSv10	kitchen tablet	-	-	old_client
1653070259.000000	CiMNiXMFvn7DseRk51	192.168.178.21	40000	192.0.2.25	995	TLSv12	TLS_NULL_WITH_NULL_NULL	-	securepop.t-online.de	F	-	-	F	-	-	-	-	pop3	implicit	TLSv12	kitchen tablet	-	-	modern
1653156659.000000	CTwWG1nDSahIqwNWr	192.168.178.22	40000	192.0.2.25	993	TLSv11	TLS_NULL_WITH_NULL_NULL	-	mail.example.net	F	-	-	F	-	-	-	-	imap	implicit	TLSv13	annas-laptop	-	-	old_server
1652983859.000000	CJLFYZzFJ4DlXwhEM	192.168.178.50	40000	192.0.2.25	587	TLSv12	TLS_NULL_WITH_NULL_NULL	-	smtp.office365.com	F	unknown_ca	-	F	-	-	-	-	smtp	starttls	TLSv12	-	-	-	failed
1653156659.000000	Cz8LMuLV91llpHASVZ	192.168.178.51	40000	192.0.2.25	993	-	-	-	imap.mail.de	F	-	-	F	-	-	-	-	imap	implicit	TLSv11	-	-	-	refused_old
1653070259.000000	CvkIRMRf4zn0vDlr6	192.168.178.60	40000	192.0.2.25	587	-	-	-	mail.example.net	F	-	-	F	-	-	-	-	smtp	none	-	nas-שלום	-	-	plaintext_login
1653070259.000000	CvbhnLZ9G17WGQ8Rkk	192.168.178.61	40000	192.0.2.25	587	-	-	-	-	F	-	-	F	-	-	-	-	smtp	-	-	-	-	-	undetermined
1653243059.000000	CXbpqhA0TnOqMpzja	192.168.178.23	40000	192.0.2.25	993	TLSv13	TLS_NULL_WITH_NULL_NULL	-	imap.gmx.net	F	-	-	F	-	-	-	-	imap	implicit	TLSv13	-	-	-	modern
1653243059.000000	CKCfdzQfQRvb7bYvk	192.168.178.24	40000	192.0.2.25	587	TLSv12	TLS_RSA_WITH_3DES_EDE_CBC_SHA	-	smtp.web.de	F	-	-	T	-	-	-	-	smtp	starttls	TLSv12	<script>alert(1)</script>	-	-	weak_cipher
1653243059.000000	C8CBzeAfGOFvs6X51	192.168.178.70	40000	192.0.2.25	25	-	-	-	mx.example.com	F	-	-	F	-	-	-	-	smtp	none	-	=HYPERLINK(\x22http://x.example\x22;\x22y\x22)	-	-	plaintext
1653070259.000000	C6bFLuATA15FHKIbuC1	192.168.178.80	40000	192.0.2.25	587	TLSv10	TLS_NULL_WITH_NULL_NULL	-	smtp.web.de	F	-	-	F	-	-	-	-	smtp	starttls	TLSv10	-	-	-	old_client
1653070259.000000	CczLpaZu31jyH2dHmD	192.168.178.81	40000	192.0.2.25	993	TLSv11	TLS_NULL_WITH_NULL_NULL	-	imap.gmx.net	F	-	-	F	-	-	-	-	imap	implicit	TLSv11	-	-	-	old_client
1653070259.000000	CczLpaZu31jyH2dHmD	192.168.178.81	40000	192.0.2.25	993	TLSv11	TLS_NULL_WITH_NULL_NULL	-	imap.gmx.net	F	-	-	F	-	-	-	-	imap	implicit	TLSv11	-	-	-	old_client
1653070259.000000	CczLpaZu31jyH2dHmD	192.168.178.81	40000	192.0.2.25	993	TLSv11	TLS_NULL_WITH_NULL_NULL	-	imap.gmx.net	F	-	-	F	-	-	-	-	imap	implicit	TLSv11	-	-	-	old_client
1653070259.000000	CczLpaZu31jyH2dHmD	192.168.178.81	40000	192.0.2.25	993	TLSv11	TLS_NULL_WITH_NULL_NULL	-	imap.gmx.net	F	-	-	F	-	-	-	t11d240900_0123456789ab_0123456789ab	imap	implicit	TLSv11	-	-	-	old_client
1653070259.000000	CAVxyR08NyFRNlgus	192.168.178.82	40000	192.0.2.25	587	TLSv10	TLS_NULL_WITH_NULL_NULL	-	imap.gmx.net	F	-	-	F	-	-	-	t10d240900_ba9876543210_0123456789ab	smtp	starttls	TLSv10	-	-	-	old_client
1653070259.000000	CAVxyR08NyFRNlgus	192.168.178.82	40000	192.0.2.25	587	TLSv10	TLS_NULL_WITH_NULL_NULL	-	imap.gmx.net	F	-	-	F	-	-	-	t10d240900_ba9876543210_0123456789ab	smtp	starttls	TLSv10	-	-	-	old_client
#close	2022-05-22-20-11-00
