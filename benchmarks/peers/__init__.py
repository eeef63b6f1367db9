"""Those who deliver the same mails beside one another: this product, its peers, and smtplib with nothing around it."""
