"""What a server answered becomes meaning: headers, cookies and pages as a browser and as a grader read them."""
